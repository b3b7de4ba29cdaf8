import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import type { Checkpoint } from '@diptych/core';
import { expect, expectTypeOf, test } from 'vitest';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  initializeModel,
  linearSpec,
  loadModel,
  type NameTable,
  normal,
  param,
  variablesOf,
  zeros,
} from '../src/index.ts';
import { fakeCheckpoint } from './fake-checkpoint.ts';

const spec = { scale: param([], zeros), layers: [linearSpec(2, 3), linearSpec(3, 1)] };
const table: NameTable = {
  names: { scale: 'logit_scale', 'layers.*.weight': 'net.*.w', 'layers.*.bias': 'net.*.b' },
  ignore: ['net.*.steps'],
};
const arrays = {
  logit_scale: [[1], [7]],
  'net.0.w': [
    [3, 2],
    [1, 2, 3, 4, 5, 6],
  ],
  'net.0.b': [[3], [1, 2, 3]],
  'net.1.w': [[1, 3]],
  'net.1.b': [[1]],
  'net.0.steps': [[], new BigInt64Array(1)],
} as const;

describeBackends('loadModel', () => {
  test('fills every variable, turned into our layout, and frees them all', async () => {
    await expectNoLeak(async () => {
      using model = await loadModel(spec, fakeCheckpoint(arrays), table);
      expectTypeOf(model.params.layers[0]!).toEqualTypeOf<{ readonly weight: Tensor2D; readonly bias: Tensor1D }>();
      expect(model.params.scale.shape).toEqual([]);
      expectClose(await model.params.scale.data(), [7], 0);
      expect(model.params.layers[0]!.weight.shape).toEqual([2, 3]);
      expectClose(await model.params.layers[0]!.weight.data(), [1, 3, 5, 2, 4, 6], 0);
      expectClose(await model.params.layers[0]!.bias.data(), [1, 2, 3], 0);
    });
  });

  test('lists variables by path, in the order of the spec', async () => {
    using model = await loadModel(spec, fakeCheckpoint(arrays), table);
    const paths = ['scale', 'layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias'];
    expect([...model.variables.keys()]).toEqual(paths);
    expect(variablesOf(model.params)).toEqual([...model.variables.values()]);
  });

  test('stacks arrays along their first axis before it turns them', async () => {
    const parts = fakeCheckpoint({
      q: [
        [1, 2],
        [1, 2],
      ],
      k: [
        [2, 2],
        [3, 4, 5, 6],
      ],
    });
    using model = await loadModel({ w: param([2, 3], zeros, [1, 0]) }, parts, { names: { w: ['q', 'k'] } });
    expectClose(await model.params.w.data(), [1, 3, 5, 2, 4, 6], 0);
  });

  test('leaves an array as it is where the table says so', async () => {
    const file = fakeCheckpoint({
      proj: [
        [2, 3],
        [1, 2, 3, 4, 5, 6],
      ],
    });
    const names = { w: { asIs: 'proj' } };
    using model = await loadModel({ w: param([2, 3], zeros, [1, 0]) }, file, { names });
    expectClose(await model.params.w.data(), [1, 2, 3, 4, 5, 6], 0);
  });

  test('widens small integers and refuses 64-bit ones', async () => {
    const one = { w: param([2], zeros) };
    using model = await loadModel(one, fakeCheckpoint({ w: [[2], Int8Array.of(-5, 7)] }), { names: { w: 'w' } });
    expectClose(await model.params.w.data(), [-5, 7], 0);
    const wide = fakeCheckpoint({ w: [[2], new BigInt64Array(2)] });
    await expectNoLeak(() => expectRefusal(loadModel(one, wide, { names: { w: 'w' } }), /w: expected floating-point/));
  });

  test('names what is missing, left over and misshapen, with our path and both shapes', async () => {
    const { 'net.1.b': missing, ...others } = arrays;
    void missing;
    const file = fakeCheckpoint({ ...others, 'net.0.w': [[2, 3]], extra: [[4, 5]] });
    const refusal = expectRefusal(
      loadModel(spec, file, table),
      /layers\.1\.bias: net\.1\.b is missing, expected \[1\]/,
    );
    await refusal;
    await expectRefusal(loadModel(spec, file, table), /layers\.0\.weight: expected \[3,2\], found net\.0\.w \[2,3\]/);
    await expectRefusal(loadModel(spec, file, table), /extra: left over, shape \[4,5\]/);
  });

  test('refuses a parameter that the table does not know', async () => {
    await expectRefusal(
      loadModel(spec, fakeCheckpoint(arrays), { names: {} }),
      /scale: expected an entry of the name table, got none/,
    );
  });

  test('counts what it has read, up to the total', async () => {
    const seen: [number, number][] = [];
    const onProgress = (loaded: number, total: number) => void seen.push([loaded, total]);
    using model = await loadModel(spec, fakeCheckpoint(arrays), table, { onProgress });
    expect(seen).toEqual([1, 2, 3, 4, 5].map((loaded) => [loaded, model.variables.size]));
  });

  test('stops with the reason of the signal and leaves nothing behind', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = (loaded: number) => loaded === 2 && controller.abort(reason);
    await expectNoLeak(async () => {
      const loading = loadModel(spec, fakeCheckpoint(arrays), table, { signal: controller.signal, onProgress });
      await expect(loading).rejects.toBe(reason);
    });
  });

  test('leaves nothing behind when reading fails half-way', async () => {
    const file = fakeCheckpoint(arrays);
    const broken: Checkpoint = {
      ...file,
      read: (name) => (name === 'net.1.w' ? Promise.reject(new Error('disk')) : file.read(name)),
    };
    await expectNoLeak(() => expect(loadModel(spec, broken, table)).rejects.toThrow('disk'));
  });
});

describeBackends('initializeModel', () => {
  test('gives the same numbers for the same seed, others for another', async () => {
    const one = { w: param([4, 4], normal(1)) };
    const values = async (seed: number) => {
      using model = initializeModel(one, seed);
      return model.params.w.data();
    };
    await expectNoLeak(async () => {
      expect(await values(1)).toEqual(await values(1));
      expect(await values(1)).not.toEqual(await values(2));
    });
  });

  test('can be disposed of twice', async () => {
    await expectNoLeak(() => {
      const model = initializeModel(spec, 1);
      model[Symbol.dispose]();
      model[Symbol.dispose]();
    });
  });
});

async function expectRefusal(loading: Promise<unknown>, message: RegExp): Promise<void> {
  await expect(loading).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH', message: expect.stringMatching(message) });
}

test('a model that no memory could hold is refused before one value is drawn', () => {
  const width = 2 ** 24;
  const large = { table: param([width, width], () => expect.fail('drawn')), rest: linearSpec(1, 1) };
  expect(() => initializeModel(large, 1)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: 'model: expected at most 268435456 values, got 281474976710658',
    }) as Error,
  );
});
