import { type Checkpoint, seededRandom, type StoredTensor, type WeightType } from '@diptych/core';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { fine, gatherRows, linearSpec, loadModel, lookup, type Model, normal, packedNotes } from '../src/index.ts';
import { fakeCheckpoint, inParts } from './fake-checkpoint.ts';

const random = seededRandom(5);
const numbers = (size: number) => normal(1)(size, random);
// More than a part each, and no whole number of them.
const spec = { words: lookup(1001, 300, normal(1)), layer: linearSpec(901, 700), head: fine(linearSpec(7, 5)) };
const names = {
  words: 'words',
  'layer.weight': ['q', 'k'],
  'layer.bias': ['qb', 'kb'],
  'head.weight': { asIs: 'head.w' },
  'head.bias': 'head.b',
};
const stored = fakeCheckpoint({
  words: [[1001, 300], numbers(1001 * 300)],
  q: [[400, 901], numbers(400 * 901)],
  k: [[300, 901], numbers(300 * 901)],
  qb: [[400], numbers(400)],
  kb: [[300], Float64Array.from(numbers(300))],
  'head.w': [[7, 5], numbers(35)],
  'head.b': [[5], numbers(5)],
});
const everyRow = Int32Array.from({ length: 1001 }, (_, row) => row);
const types = ['float32', 'int16', 'int8'] as const;

function expectSame(got: Model<typeof spec>, expected: Model<typeof spec>): void {
  const wanted = valuesOf(expected);
  for (const [i, values] of valuesOf(got).entries()) expect(firstDifference(values, wanted[i]!)).toBeUndefined();
}

function firstDifference(a: Float32Array, b: Float32Array): number | undefined {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return undefined;
}

/** No array leaves `tidy`, which would look for tensors among all its values. */
function valuesOf({ params: { words, layer, head } }: Model<typeof spec>): readonly Float32Array[] {
  const rows = tf.tidy(() => gatherRows(words, everyRow));
  const values = [rows, layer.weight, layer.bias, head.weight, head.bias].map((tensor) => tensor.dataSync<'float32'>());
  rows.dispose();
  return values.map((each) => each.slice());
}

describeBackends('a checkpoint that is read in parts', (backend) => {
  test.each(types)('%s: gives what whole arrays give', async (dtype) => {
    await expectNoLeak(async () => {
      using whole = await loadModel(spec, stored, { names }, { dtype });
      using parts = await loadModel(spec, inParts(stored), { names }, { dtype });
      expectSame(parts, whole);
    });
  });

  test.each(types)('%s: small and large weights in a row, read while others are packed', async (dtype) => {
    const sizes = [7, 700, 3, 900, 800, 2, 1, 600].map((inputs) => [inputs, 400] as const);
    const layers = sizes.map(([inputs, outputs]) => linearSpec(inputs, outputs));
    const arrays = sizes.flatMap(([inputs, outputs], i) => [
      [`${i}.weight`, [[outputs, inputs], numbers(inputs * outputs)]] as const,
      [`${i}.bias`, [[outputs], numbers(outputs)]] as const,
    ]);
    const file = fakeCheckpoint(Object.fromEntries(arrays));
    const table = { names: { 'layers.*': '*' } };
    await expectNoLeak(async () => {
      using whole = await loadModel({ layers }, file, table, { dtype });
      using parts = await loadModel({ layers }, inParts(file), table, { dtype });
      for (const [i, { weight }] of parts.params.layers.entries()) {
        const wanted = whole.params.layers[i]!.weight.dataSync<'float32'>();
        expect(firstDifference(weight.dataSync<'float32'>(), wanted)).toBeUndefined();
      }
    });
  });

  test('fails only when no read is under way that could still write', async () => {
    let underWay = 0;
    const checkpoint = inParts(stored);
    const readRange: typeof checkpoint.readRange = async (name, ...rest) => {
      underWay++;
      try {
        if (name === 'q') throw new Error('no such part');
        return await checkpoint.readRange!(name, ...rest);
      } finally {
        await new Promise((resolve) => setTimeout(resolve, name === 'q' ? 0 : 30));
        underWay--;
      }
    };
    await expectNoLeak(async () => {
      await expect(loadModel(spec, { ...checkpoint, readRange }, { names })).rejects.toThrow('no such part');
      expect(underWay).toBe(0);
    });
  });

  test.runIf(backend === 'wasm').each(types)('%s: through a packed file as well', async (dtype) => {
    await expectNoLeak(async () => {
      const arrays = new Map<string, StoredTensor>();
      const onPacked = (name: string, tensor: StoredTensor) => void arrays.set(name, tensor);
      using model = await loadModel(spec, stored, { names }, { dtype, onPacked });
      const file = packedFile(arrays, dtype);
      using read = await loadModel(spec, file, { names });
      using parts = await loadModel(spec, inParts(file), { names });
      expectSame(read, model);
      expectSame(parts, model);
      expect(parts.bytes).toBe(model.bytes);
    });
  });

  test.runIf(backend === 'wasm')('refuses packed bytes of another number or type', async () => {
    const arrays = new Map<string, StoredTensor>();
    const onPacked = (name: string, tensor: StoredTensor) => void arrays.set(name, tensor);
    using model = await loadModel(spec, stored, { names }, { dtype: 'int8', onPacked });
    expect(model.size).toBeGreaterThan(0);
    for (const [name, change] of [
      ['words', new Uint8Array(12)],
      ['q', new Uint8Array(12)],
      ['words', Int8Array.from(arrays.get('words')!.data as Uint8Array)],
      ['q', Int8Array.from(arrays.get('q')!.data as Uint8Array)],
    ] as const) {
      const changed = new Map([...arrays, [name, { shape: [change.length], data: change }]]);
      await expectNoLeak(() =>
        expect(loadModel(spec, packedFile(changed, 'int8'), { names })).rejects.toMatchObject({
          code: 'CHECKPOINT_INVALID',
        }),
      );
    }
  });
});

function packedFile(arrays: ReadonlyMap<string, StoredTensor>, dtype: WeightType): Checkpoint {
  return {
    names: new Set(arrays.keys()),
    metadata: new Map(Object.entries(packedNotes(dtype))),
    shape: (name) => arrays.get(name)!.shape,
    read: async (name) => arrays.get(name)!,
  };
}
