import { dequantized, encodeSafetensors, openSafetensors, quantized } from '@diptych/checkpoint';
import { blobFiles } from '@diptych/files';
import { initializeModel } from '@diptych/nn';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { open } from 'diptych';
import { expect, it } from 'vitest';
import { emojiArchitecture } from '../src/index.ts';
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
      quantized(
        name,
        { shape: variable.shape, data: variable.dataSync<'float32'>().slice() },
        name === 'text.features' ? 'rows' : 'columns',
      ),
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
      const picture = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 } as const;
      const images = await space.embed('image', [picture]);
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

const { image } = small;

it.each([
  ['a missing part', { ...small, text: undefined }, 'text: buckets: expected a whole number of at least 1, got none'],
  ['an unknown part', { ...small, depth: 2 }, 'depth: expected one of the fields'],
  ['no number', { ...small, dim: '8' }, 'dim: expected a whole number of at least 1, got "8"'],
  ['a part that is none', { ...small, image: 5 }, 'image: expected an object, got 5'],
  ['a fraction', { ...small, image: { ...image, widths: [1.5] } }, 'image: widths: expected a list of .*, got .1.5.'],
  ['no stage', { ...small, image: { ...image, widths: [], blocks: [] } }, 'image: widths: expected at least one stage'],
  [
    'too few blocks',
    { ...small, image: { ...image, blocks: [1] } },
    'image: blocks: expected one number for each of 2',
  ],
  ['a size that is not halved', { ...small, image: { ...image, size: 20 } }, 'image: size: expected a multiple of 8'],
  ['a list', [small], 'expected a JSON object'],
  ['nothing', null, 'expected a JSON object'],
])('refuses a configuration with %s', async (_, config, message) => {
  const opened = emojiArchitecture.open(filesOf(config), {});
  const expected = expect.stringMatching(`^small/config.json: ${message}`);
  await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expected });
});

it('refuses a configuration that is no JSON', async () => {
  const files = blobFiles({ 'config.json': new Blob(['{"model_type": "diptych_emoji",']) }, 'small');
  const message = expect.stringMatching(/^small\/config.json: expected JSON, got '\{"model_type/);
  await expect(emojiArchitecture.open(files, {})).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
});

it('refuses steps that are not those of the weights', async () => {
  const tensors = [
    ['text.features', { shape: [300, 12], data: new Int8Array(3600) }],
    ['text.features.step', { shape: [20, 1], data: new Float32Array(20) }],
  ] as const;
  const weights = await filesOf(small, encodeSafetensors(tensors)).open('model.safetensors');
  const checkpoint = dequantized(await openSafetensors(weights!));
  await expect(checkpoint.read('text.features')).rejects.toMatchObject({
    code: 'CHECKPOINT_MISMATCH',
    message: 'text.features.step: expected 300 steps for [300,12], got [20,1]',
  });
});

it('leaves files of other families to others', async () => {
  expect(await emojiArchitecture.open(filesOf({ model_type: 'clip' }), {})).toBeUndefined();
  expect(await emojiArchitecture.open(blobFiles({}, 'empty'), {})).toBeUndefined();
});

it('refuses weights of another shape', async () => {
  const files = filesOf({ ...small, dim: 9 }, weightsOf(small));
  await expect(open(files, { architectures })).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
});
