import { describeGolden, goldenPath } from '@diptych/golden';
import { expectClose, imageBatch, readTensors } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';

describeGolden('a page', () => {
  it('opens a model by its URL, with the numbers of PyTorch, without being told a backend', async () => {
    const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
    using space = await open(`/@fs${goldenPath('oracles/tiny_clip_openclip')}`);
    expect(space.id).toBe('tiny_clip_openclip');
    const { data } = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
    expectClose(data, expected.get('quick_gelu.image_embeds')!.data as Float32Array, 1e-5);
  });
});
