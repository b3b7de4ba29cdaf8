import { urlFiles } from '@diptych/files';
import { describeGolden, goldenBytes, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import { readWeights } from './weights.ts';

describeGolden('a page', () => {
  it("reads weights from a URL by the platform's fetch", async () => {
    const folder = 'models/mira_clip';
    const files = urlFiles(new URL(`/@fs${goldenPath(folder)}`, location.href));
    expect(await readWeights(files)).toEqual(new Uint8Array(await goldenBytes(`${folder}/model.safetensors`)));
  });
});
