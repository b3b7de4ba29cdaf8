import type { Checkpoint } from '@diptych/core';
import { goldenJson } from '@diptych/golden';
import { loadModel, type NameTable, type Param, parameters, type ParamsOf, type Spec } from '@diptych/nn';
import { expectClose, expectNoLeak, type Run } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import type { CountSketch } from '../src/index.ts';

type Nested = number | readonly Nested[];

interface Case {
  readonly params: Readonly<Record<string, Nested>>;
  readonly mask?: readonly (readonly number[])[];
  readonly out: Nested;
  readonly grad_x: Nested;
  readonly grad_y: Nested;
  readonly grad_params: Readonly<Record<string, Nested>>;
  readonly cotangent: 'cotangent' | 'ones';
}

interface Oracle {
  readonly inputs: Readonly<Record<'x' | 'y' | 'cotangent', number[][]>>;
  readonly cases: Readonly<Record<string, Case>>;
}

/** An operator as the case has it: `x` and `y` to the joint rows. */
type Join = (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Tensor2D;

export interface Learned<S extends Spec> {
  readonly spec: S;
  /** Our path to the name in the case. */
  readonly names: Readonly<Record<string, string>>;
}

const oracle = () => goldenJson<Oracle>('oracles/fusion.json');

/** The inputs and one case of the oracle. */
export async function fusionCase<Extra = unknown>(name: string): Promise<Case & Extra & Pick<Oracle, 'inputs'>> {
  const { inputs, cases } = await oracle();
  return { inputs, ...(cases[name] as Case & Extra) };
}

/** The sketches of the compact bilinear cases. */
export async function sketchesOf(name: string): Promise<[CountSketch, CountSketch]> {
  type Hashes = Readonly<Record<'hash_x' | 'sign_x' | 'hash_y' | 'sign_y', number[]>>;
  const { hash_x, sign_x, hash_y, sign_y } = await fusionCase<Hashes>(name);
  return [
    { positions: hash_x, signs: sign_x },
    { positions: hash_y, signs: sign_y },
  ];
}

/**
 * Checks one case: the rows, and the gradients of both parts and of every parameter. Differences count relative to the
 * largest value of an array; parameters come by `loadModel`, as PyTorch stores them, in double precision once more with
 * all their digits.
 */
export function fusionCheck(run: Run, tolerance: number) {
  return async <S extends Spec>(
    name: string,
    { spec, names }: Learned<S>,
    join: (params: ParamsOf<S>) => Join,
  ): Promise<void> => {
    const golden = await fusionCase(name);
    const stored = [...parameters(spec)].map(([path, param]) => ({ path, param, name: names[path]! }));
    const table: NameTable = { names: Object.fromEntries(stored.map(({ path, name: from }) => [path, from])) };
    await expectNoLeak(async () => {
      using model = await loadModel(spec, checkpointOf(golden.params, stored), table);
      const check = () => {
        if (new Float32Array(0) instanceof Float64Array) assignWhole(golden.params, stored, model.variables);
        const inputs = [tf.tensor2d(golden.inputs.x), tf.tensor2d(golden.inputs.y), ...model.variables.values()];
        const forward = (x: tf.Tensor, y: tf.Tensor) => join(model.params)(x as tf.Tensor2D, y as tf.Tensor2D);
        const out = forward(inputs[0]!, inputs[1]!);
        const cotangent = golden.cotangent === 'ones' ? tf.onesLike(out) : tf.tensor2d(golden.inputs.cotangent);
        const gradients = tf.grads((...given) => forward(given[0]!, given[1]!))(inputs, cotangent);
        expectRelative(out, golden.out, tolerance);
        expectRelative(gradients[0]!, golden.grad_x, tolerance);
        expectRelative(gradients[1]!, golden.grad_y, tolerance);
        stored.forEach(({ param, name: from }, i) => {
          expectRelative(asStored(param, gradients[i + 2]!), golden.grad_params[from]!, tolerance);
        });
      };
      run(() => tf.tidy(check));
    });
  };
}

interface Stored {
  readonly path: string;
  readonly param: Param;
  readonly name: string;
}

/** The axis of the stored array that each of ours is, and the other way round. */
function shapeOf({ fromTorch, shape }: Param): readonly number[] {
  return fromTorch ? fromTorch.map((_, axis) => shape[fromTorch.indexOf(axis)]!) : shape;
}

function asStored({ fromTorch }: Param, x: tf.Tensor): tf.Tensor {
  if (!fromTorch) return x;
  return tf.transpose(
    x,
    fromTorch.map((_, axis) => fromTorch.indexOf(axis)),
  );
}

function assignWhole(
  params: Case['params'],
  stored: readonly Stored[],
  variables: ReadonlyMap<string, tf.Variable>,
): void {
  for (const { path, param, name } of stored) {
    const value = tf.tensor(flat(params[name]!), [...shapeOf(param)]);
    variables.get(path)!.assign(param.fromTorch ? tf.transpose(value, [...param.fromTorch]) : value);
  }
}

/** Within a part of the largest expected value. */
function expectRelative(got: tf.Tensor, expected: Nested, tolerance: number): void {
  const values = flat(expected);
  const largest = Math.max(...values.map(Math.abs));
  expectClose(got.dataSync<'float32'>(), values, tolerance * largest);
}

/** A case holds a stack of matrices where a file has one matrix; the numbers are the same. */
function checkpointOf(params: Case['params'], stored: readonly Stored[]): Checkpoint {
  const shapes = new Map(stored.map(({ name, param }) => [name, shapeOf(param)]));
  return {
    names: new Set(Object.keys(params)),
    shape: (name) => shapes.get(name)!,
    read: async (name) => ({ shape: shapes.get(name)!, data: Float32Array.from(flat(params[name]!)) }),
  };
}

function flat(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat);
}
