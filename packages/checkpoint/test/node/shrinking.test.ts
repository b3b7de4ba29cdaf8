import { stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint } from '@diptych/checkpoint';
import { directory } from '@diptych/files/node';
import { expect, it } from 'vitest';
import { safetensorsBytes } from '../bytes.ts';
import { withFolder } from './with-folder.ts';

it('a file that shrinks under a checkpoint no longer holds what its header says', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'model.safetensors');
    await writeFile(path, safetensorsBytes({ a: { dtype: 'U8', shape: [3], data_offsets: [0, 3] } }, [1, 2, 3]));
    const checkpoint = await openCheckpoint(directory(folder));
    expect((await checkpoint.read('a')).data).toEqual(Uint8Array.of(1, 2, 3));
    await truncate(path, (await stat(path)).size - 1);
    await expect(checkpoint.read('a')).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringContaining(path),
    });
  });
});
