import { type Encoder, seededRandom, type TextBatch, type WeightType } from '@diptych/core';
import { initializeModel, loadModel, type Model, type Spec } from '@diptych/nn';
import { describeBackends, expectNoLeak, valuesOf } from '@diptych/testkit';
import { expect, test } from 'vitest';
import { bert, bertSpec, bertTokens, clipText, clipTextSpec } from '../src/index.ts';

const sizes = {
  vocabSize: 64,
  contextLength: 12,
  width: 40,
  layers: 2,
  heads: 4,
  mlpWidth: 72,
  layerNormEpsilon: 1e-5,
};
const clipConfig = { ...sizes, dim: 16, activation: 'quick_gelu', endOfText: 63 } as const;
const bertConfig = { ...sizes, tokenTypes: 1, activation: 'gelu' } as const;
const [clipSpec, ownBertSpec] = [clipTextSpec(clipConfig), bertSpec(bertConfig)];

/** Random weights, kept as those of a file are. */
async function modelOf<S extends Spec>(spec: S, dtype: WeightType): Promise<Model<S>> {
  using start = initializeModel(spec, 1);
  const { variables } = start;
  const values = new Map([...variables].map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()]));
  const checkpoint = {
    names: new Set(variables.keys()),
    shape: (name: string) => variables.get(name)!.shape,
    read: async (name: string) => ({ shape: variables.get(name)!.shape, data: values.get(name)! }),
  };
  const names = Object.fromEntries([...variables.keys()].map((name) => [name, { asIs: name }]));
  return await loadModel(spec, checkpoint, { names }, { dtype });
}

/** Texts of these lengths that end with token 63, padded to `length` by whatever comes. */
function textsOf(lengths: readonly number[], length: number, random: () => number): TextBatch {
  const places = lengths.flatMap((own) => Array.from({ length }, (_, at) => own - 1 - at));
  return {
    ids: Int32Array.from(places, (left) => (left === 0 ? 63 : Math.floor(random() * 63))),
    mask: Int32Array.from(places, (left) => (left < 0 ? 0 : 1)),
    shape: [lengths.length, length],
  };
}

/** Text `i` alone, without padding. */
function alone({ ids, mask, shape: [, length] }: TextBatch, i: number): TextBatch {
  const own = mask.subarray(i * length, (i + 1) * length).filter(Boolean);
  return { ids: ids.slice(i * length, i * length + own.length), mask: own, shape: [1, own.length] };
}

describeBackends('a text gives the same bits in every batch as alone', (backend) => {
  const dtypes = backend === 'wasm' ? (['float32', 'int16', 'int8'] as const) : (['float32'] as const);
  const poolings = ['mean', 'max', 'last', 'weightedmean'] as const;

  async function expectSameBits(encoder: Encoder<TextBatch>): Promise<void> {
    const random = seededRandom(3);
    const upTo = (most: number) => 1 + Math.floor(random() * most);
    for (let round = 0; round < 12; round++) {
      const lengths = Array.from({ length: upTo(9) }, () => upTo(sizes.contextLength));
      const length = Math.max(...lengths) + (round % 2 ? sizes.contextLength - Math.max(...lengths) : 0);
      const batch = textsOf(lengths, length, random);
      await expectNoLeak(async () => {
        const rows = await valuesOf(() => encoder.forward(batch));
        for (const i of lengths.keys()) {
          const own = await valuesOf(() => encoder.forward(alone(batch, i)));
          expect(rows.subarray(i * encoder.dim, (i + 1) * encoder.dim), `${lengths}: ${i}`).toEqual(own);
        }
      });
    }
  }

  test.each(dtypes)("through CLIP's text tower in %s", async (dtype) => {
    using model = await modelOf(clipSpec, dtype);
    await expectSameBits(clipText(clipConfig, model.params));
  });

  test.each(dtypes)('through BERT in %s', async (dtype) => {
    using model = await modelOf(ownBertSpec, dtype);
    await expectSameBits(bert({ ...bertConfig, pooling: poolings }, model.params));
    await expectSameBits(bert({ ...bertConfig, pooling: 'last' }, model.params));
  });

  test('and tokens that do not count between those that do are hidden from them', async () => {
    using model = await modelOf(ownBertSpec, 'float32');
    const random = seededRandom(4);
    const batch = textsOf([6, 4], 6, random);
    const whole = await valuesOf(() => bertTokens(bertConfig, model.params, batch));
    const [ids, mask] = [batch.ids.slice(), batch.mask.slice()];
    mask[2] = 0;
    const hidden = () => bertTokens(bertConfig, model.params, { ...batch, ids, mask });
    const before = await valuesOf(hidden);
    ids[2] = (ids[2]! + 1) % 63;
    const after = await valuesOf(hidden);
    const others = (values: Float32Array) => [...values].filter((_, i) => Math.floor(i / sizes.width) !== 2);
    expect(others(after)).toEqual(others(before));
    expect(others(before)).not.toEqual(others(whole));
  });
});
