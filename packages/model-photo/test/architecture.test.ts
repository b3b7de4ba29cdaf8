import { encodeSafetensors, quantized } from '@diptych/checkpoint';
import { type ImageBatch, seededRandom } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { mobileNetV1, mobileNetV1Config } from '@diptych/image-encoder';
import { constant, initializeModel, param } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import { embeddingBagSpec } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { open } from 'diptych';
import { expect, it } from 'vitest';
import { imageEncoder, imageSpec } from '../src/image-encoder.ts';
import { photoArchitecture } from '../src/index.ts';

const words = ['[unknown]', 'cat', 'dog', 'polar bear'];
const small = {
  model_type: 'diptych_photo',
  dim: 6,
  text: { words: words.length },
  image: { size: 32, alpha: 0.125, classes: 5, temperature: 2, floor: 0.01, colours: 2, colourFloor: 0.1 },
};

function filesOf(config: unknown, weights: Uint8Array<ArrayBuffer> = new Uint8Array()) {
  const json = new Blob([JSON.stringify(config)]);
  return blobFiles({ 'config.json': json, 'model.safetensors': new Blob([weights]) }, 'small');
}

function weightsOf(config: typeof small, vocabulary: readonly string[] = words): Uint8Array<ArrayBuffer> {
  const { dim } = config;
  const text = embeddingBagSpec({ vocabSize: config.text.words, dim, pooling: 'sum' });
  using model = initializeModel({ text, image: imageSpec(config), logScale: param([], constant(0)) }, 1);
  const data = new TextEncoder().encode(vocabulary.join('\n'));
  return encodeSafetensors([
    ...[...model.variables].flatMap(([name, variable]) => {
      const tensor = { shape: variable.shape, data: variable.dataSync<'float32'>().slice() };
      return name === 'text.tokens' || name.endsWith('map.weight')
        ? quantized(name, tensor, 'rows')
        : [[name, tensor] as const];
    }),
    ['text.vocabulary', { shape: [data.length], data }],
  ]);
}

function noise(n: number): ImageBatch {
  const random = seededRandom(5);
  return {
    pixels: Float32Array.from({ length: n * 32 * 32 * 3 }, () => 2 * random() - 1),
    shape: [n, 32, 32, 3],
  };
}

/** Mean red, green and blue of each field of two by two pixels, 16 rows of 16. */
function fieldsOf({ pixels }: ImageBatch, image: number): number[][] {
  return Array.from({ length: 256 }, (_, i) => {
    const start = image * 32 * 32 + 64 * Math.floor(i / 16) + 2 * (i % 16);
    const four = [start, start + 1, start + 32, start + 33];
    return [0, 1, 2].map((channel) => four.reduce((sum, at) => sum + pixels[3 * at + channel]! / 4, 0));
  });
}

const architectures = [photoArchitecture];

describeBackends('the architecture', (backend) => {
  it('opens quantised weights, embeds, and frees everything', async () => {
    const files = filesOf(small, weightsOf(small));
    await expectNoLeak(async () => {
      using space = await open(files, { architectures });
      expect([space.dim, space.architecture]).toEqual([6, 'diptych_photo']);
      const texts = await space.embed('text', ['a cat', 'cats', 'polar bears', 'nothing known', '']);
      const picture = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 } as const;
      expect((await space.embed('image', [picture, picture])).shape).toEqual([2, 6]);
      const [cat, cats, , unknown, empty] = Array.from({ length: 5 }, (_, i) => texts.data.slice(6 * i, 6 * i + 6));
      expect(cats).toEqual(cat);
      expect(empty).toEqual(unknown);
    });
  });

  it('keeps weights in int8, with nearly the same rows', async () => {
    const files = filesOf(small, weightsOf(small));
    using space = await open(files, { architectures });
    using compact = await open(files, { architectures, dtype: 'int8' });
    expect(compact.bytes).toBeLessThan(backend === 'wasm' ? space.bytes : space.bytes + 1);
    const [rows, close] = [await space.embed('text', ['a cat']), await compact.embed('text', ['a cat'])];
    const cosine = rows.data.reduce((sum, value, i) => sum + value * close.data[i]!, 0);
    expect(cosine).toBeGreaterThan(0.999);
  });

  it('a photo is what its classes and the colours of its areas say, with the logarithm of their shares over the floor', async () => {
    await expectNoLeak(() => {
      using model = initializeModel(imageSpec(small), 3);
      const network = mobileNetV1(mobileNetV1Config(0.125), model.params.network);
      tf.tidy(() => {
        const batch = noise(2);
        const features = network.forward(batch).arraySync();
        const { classifier, palette } = model.params;
        const map = model.params.map.weight.arraySync();
        const sharesOf = (row: readonly number[], { weight, bias }: typeof classifier, temperature: number) => {
          const [factors, starts] = [weight.arraySync(), bias.arraySync()];
          const logits = starts.map((start, c) => row.reduce((sum, value, i) => sum + value * factors[i]![c]!, start));
          const powers = logits.map((logit) => Math.exp(logit / temperature));
          const total = powers.reduce((sum, value) => sum + value);
          return powers.map((value) => value / total);
        };
        const expected = features.flatMap((row, image) => {
          const fields = fieldsOf(batch, image).map((field) => sharesOf(field, palette, 1));
          const areas = [
            fields.filter((_, i) => i < 128),
            fields.filter((_, i) => i >= 128),
            fields.filter((_, i) => [Math.floor(i / 16), i % 16].every((at) => at > 3 && at < 12)),
          ];
          const coloured = areas.flatMap((own) =>
            [0, 1].map((c) => own.reduce((sum, shares) => sum + shares[c]! / own.length, 0) / 0.1),
          );
          const classes = sharesOf(row, classifier, 2).map((share) => share / 0.01);
          const said = [...classes, ...coloured].map((share) => Math.log(1 + share));
          return Array.from({ length: 6 }, (_, d) => said.reduce((sum, value, c) => sum + value * map[c]![d]!, 0));
        });
        expectClose(
          imageEncoder(small, model.params, network).forward(batch).dataSync(),
          Float32Array.from(expected),
          1e-4,
        );
      });
    });
  });

  it('every array of the head gets its gradient', async () => {
    await enableAutodiff();
    await expectNoLeak(() => {
      using model = initializeModel(imageSpec(small), 3);
      const network = mobileNetV1(mobileNetV1Config(0.125), model.params.network);
      const encoder = imageEncoder(small, model.params, network);
      tf.tidy(() => {
        const { grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(encoder.forward(noise(2)))));
        const head = [...model.variables].filter(([path]) => !path.startsWith('network'));
        const still = head.filter(([, { name }]) => !(tf.sum(tf.abs(grads[name]!)).dataSync()[0]! > 0));
        expect(still.map(([path]) => path)).toEqual([]);
      });
    });
  });
});

const { image } = small;

it.each([
  ['a missing part', { ...small, text: undefined }, 'text: words: expected a whole number of at least 1, got none'],
  ['an unknown part', { ...small, depth: 2 }, 'depth: expected one of the fields'],
  ['no number', { ...small, dim: '8' }, 'dim: expected a whole number of at least 1, got "8"'],
  ['a part that is none', { ...small, image: 5 }, 'image: expected an object, got 5'],
  ['no width', { ...small, image: { ...image, alpha: 0 } }, 'image: alpha: expected a number above 0, got 0'],
  ['no floor', { ...small, image: { ...image, floor: -1 } }, 'image: floor: expected a number above 0, got -1'],
  ['no colour', { ...small, image: { ...image, colours: 0 } }, 'image: colours: expected a whole number of at least 1'],
  ['an odd size', { ...small, image: { ...image, size: 40 } }, 'image: size: expected a multiple of 16, got 40'],
  ['a list', [small], 'expected a JSON object'],
])('refuses a configuration with %s', async (_, config, message) => {
  const opened = photoArchitecture.open(filesOf(config), {});
  const expected = expect.stringMatching(`^small/config.json: ${message}`);
  await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expected });
});

describeBackends('what does not fit', () => {
  it('is refused, and nothing stays: a vocabulary of another length, weights of another shape', async () => {
    await expectNoLeak(async () => {
      const short = filesOf(small, weightsOf(small, words.slice(1)));
      await expect(open(short, { architectures })).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
        where: 'small: text.vocabulary',
        expected: '4 words',
        got: '3',
      });
      const other = filesOf({ ...small, dim: 7 }, weightsOf(small));
      await expect(open(other, { architectures })).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
    });
  });
});

it('leaves files of other families to others', async () => {
  expect(await photoArchitecture.open(filesOf({ model_type: 'clip' }), {})).toBeUndefined();
  expect(await photoArchitecture.open(blobFiles({}, 'empty'), {})).toBeUndefined();
});
