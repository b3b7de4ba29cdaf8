import { openCheckpoint, openSafetensors, urlFiles } from '@diptych/checkpoint';
import { describeGolden, goldenBytes, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import { bytesSource } from './bytes.ts';

describeGolden('a page', () => {
  it("opens a checkpoint from a URL by the platform's fetch", async () => {
    const folder = 'models/mira_clip';
    const checkpoint = await openCheckpoint(urlFiles(new URL(`/@fs${goldenPath(folder)}`, location.href)));
    const path = `${folder}/model.safetensors`;
    const expected = await openSafetensors(bytesSource(path, await goldenBytes(path)));
    expect(new Set(checkpoint.names)).toEqual(new Set(expected.names));
    const name = 'vision_encoder.projection';
    expect(await checkpoint.read(name)).toEqual(await expected.read(name));
  });
});
