import { describeGolden, goldenPath } from '@diptych/golden';
import { expectClose, imageBatch, readTensors } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';
import { createEmbedder } from '../src/worker/create-embedder.ts';

describeGolden('a page', () => {
  it('opens a model by its URL, with the numbers of PyTorch, without being told a backend', async () => {
    const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
    using space = await open(`/@fs${goldenPath('oracles/tiny_clip_openclip')}`);
    expect(space.id).toBe('tiny_clip_openclip');
    const { data } = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
    expectClose(data, expected.get('quick_gelu.image_embeds')!.data as Float32Array, 1e-5);
  });

  it('opens it in a worker of its own, by an address of the page, and embeds what it embeds itself', async () => {
    const { pathname } = new URL(`/@fs${goldenPath('zoo/kinds/clip-hf-2021-bin')}`, location.href);
    using space = await open(pathname);
    const loaded: number[] = [];
    using embedder = await createEmbedder({ model: pathname, onProgress: (done) => loaded.push(done) });
    expect(loaded.at(-1)).toBeGreaterThan(0);
    const texts = ['a cat', 'two dogs'];
    const picture = `/@fs${goldenPath('zoo/items/a.png')}`;
    expect(await embedder.embed('text', texts)).toEqual(await space.embed('text', texts));
    expect(await embedder.embed('image', picture)).toEqual(await space.embed('image', picture));
  });

  it('says that a worker of its own cannot be loaded', async () => {
    const worker = new Worker('/none.js', { type: 'module' });
    const refused = createEmbedder({ model: 'any', worker });
    await expect(refused).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE', where: 'worker' });
  });
});
