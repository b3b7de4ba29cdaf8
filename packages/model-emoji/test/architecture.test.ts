import { blobFiles, encodeSafetensors } from '@diptych/checkpoint';
import { initializeModel } from '@diptych/nn';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { open } from 'diptych';
import { expect, it } from 'vitest';
import { emojiArchitecture } from '../src/index.ts';
import { quantized } from '../training/quantize.ts';
import { trainingSpec } from '../training/objective.ts';

const small = {
  model_type: 'diptych_emoji',
  dim: 8,
  text: { buckets: 300, width: 12, hidden: 16 },
  image: { size: 16, stem: 4, widths: [6, 8], blocks: [1, 1] },
};

function filesOf(config: unknown, weights: Uint8Array<ArrayBuffer> = new Uint8Array()) {
  const json = new Blob([JSON.stringify(config)]);
  return blobFiles({ 'config.json': json, 'model.safetensors': new Blob([weights]) }, 'small');
}

function weightsOf(config: typeof small): Uint8Array<ArrayBuffer> {
  using model = initializeModel(trainingSpec(config, 3), 1);
  const kept = [...model.variables].filter(([name]) => /^(text|image|logScale)\b/.test(name));
  return encodeSafetensors(
    kept.flatMap(([name, variable]) =>
      quantized(name, { shape: variable.shape, data: variable.dataSync<'float32'>().slice() }),
    ),
  );
}

const architectures = [emojiArchitecture];

describeBackends('the architecture', (backend) => {
  it('opens quantised weights, embeds, and frees everything', async () => {
    const files = filesOf(small, weightsOf(small));
    await expectNoLeak(async () => {
      using space = await open(files, { architectures });
      expect(space.dim).toBe(8);
      const texts = await space.embed('text', ['a cat', '猫', '']);
      const image = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 } as const;
      const images = await space.embed('image', [image]);
      expect([texts.shape, images.shape]).toEqual([
        [3, 8],
        [1, 8],
      ]);
    });
  });

  it('keeps weights in int8, with nearly the same rows', async () => {
    const files = filesOf(small, weightsOf(small));
    using space = await open(files, { architectures });
    using compact = await open(files, { architectures, dtype: 'int8' });
    // Plain operations compute with float32, so there the weights of layers are rounded but no smaller.
    expect(compact.bytes).toBeLessThan(backend === 'wasm' ? space.bytes / 2 : space.bytes);
    const [rows, close] = [await space.embed('text', ['a cat']), await compact.embed('text', ['a cat'])];
    const cosine = rows.data.reduce((sum, value, i) => sum + value * close.data[i]!, 0);
    expect(cosine).toBeGreaterThan(0.999);
  });
});

it.each([
  ['a missing part', { ...small, text: undefined }, /expected dim, text, image, got dim, image/],
  ['an unknown part', { ...small, depth: 2 }, /got dim, text, image, depth/],
  ['no number', { ...small, dim: '8' }, /dim: expected a whole number above 0, got "8"/],
  ['a fraction', { ...small, image: { ...small.image, widths: [1.5] } }, /image.widths: .* got 1.5/],
])('refuses a configuration with %s', async (_, config, message) => {
  const opened = emojiArchitecture.open(filesOf(config), {});
  await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
});

it('leaves files of other families to others', async () => {
  expect(await emojiArchitecture.open(filesOf({ model_type: 'clip' }), {})).toBeUndefined();
  expect(await emojiArchitecture.open(blobFiles({}, 'empty'), {})).toBeUndefined();
});

it('refuses weights of another shape', async () => {
  const files = filesOf({ ...small, dim: 9 }, weightsOf(small));
  await expect(open(files, { architectures })).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
});
