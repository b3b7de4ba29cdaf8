import { expect, it } from 'vitest';
import { decodeImage } from '../../src/index.ts';
import { files } from '../image/format-files.ts';

it('the browser entry names the Node entry where the platform has no decoder', async () => {
  await expect(decodeImage(files.webp)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('@diptych/preprocessing/node') as string,
  });
});
