import {
  type Checkpoint,
  EmbeddingError,
  expectMembers,
  seededRandom,
  type StoredTensor,
  type WeightType,
} from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type NameTable, place } from '../spec/name-table.ts';
import { packedTensor, packedType } from './packed-file.ts';
import { isParam, parameters, type ParamsOf, type Spec } from '../spec/spec.ts';
import { readWeights } from './read-weights.ts';
import { bytesOf, variableOf, type Weight } from './weights.ts';

/** The variables of a model. Whoever made them disposes of them, once. */
export interface Model<S extends Spec> extends Disposable {
  readonly params: ParamsOf<S>;
  /** The parameters of a part of the spec, which stands at `path` in it. */
  part<P extends Spec>(spec: P, path: string): ParamsOf<P>;
  /** Every variable by its dotted path. A weight in integers is none, so it cannot be trained. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Number of values. */
  readonly size: number;
  /** Memory that they take. */
  readonly bytes: number;
  /** What its linear layers keep their weights as and multiply, as `LoadOptions` has it. */
  readonly dtype: WeightType;
  /** Frees the variables, as `using` does; twice is once. */
  dispose(): void;
}

/** What is about to be loaded. */
export interface Loading {
  /** Number of values. */
  readonly size: number;
  readonly dtype: WeightType;
  /** Whether the file has weights in the layout of our kernels, without which they cannot be read. */
  readonly packed: boolean;
}

export interface LoadOptions {
  /**
   * What linear layers keep their weights as and multiply, and what embedding tables are kept as; all else is float32. On
   * backends without kernels for integers the weights are rounded alike and kept in float32. Default `float32`.
   */
  readonly dtype?: WeightType;
  /** Given what a file of packed weights holds of each parameter, with its name there; see `packedNotes`. */
  readonly onPacked?: (name: string, tensor: StoredTensor) => void;
  /** Told what is about to be loaded, before a tensor is made: it may change the backend. */
  readonly onBegin?: (loading: Loading) => void | Promise<void>;
  readonly signal?: AbortSignal;
  /** Called after each array with the number of arrays read and their total. */
  readonly onProgress?: (loaded: number, total: number) => void;
}

/**
 * A model with the weights of a checkpoint, strictly: every parameter is found, every array is used.
 *
 * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` when names or shapes do not fit; nothing is loaded then.
 */
export async function loadModel<S extends Spec>(
  spec: S,
  checkpoint: Checkpoint,
  table: NameTable,
  options: LoadOptions = {},
): Promise<Model<S>> {
  const { dtype: wanted, signal, onBegin, onProgress, onPacked } = expectMembers(options, 'options');
  const packed = packedType(checkpoint, wanted);
  const dtype = packed ?? wanted ?? 'float32';
  const placements = place(spec, checkpoint, table, packed);
  await onBegin?.({ size: sizeOf(spec), dtype, packed: packed !== undefined });
  const weights: Weights = new Map();
  try {
    for await (const [placement, weight] of readWeights(placements, checkpoint, { dtype, packed, signal })) {
      weights.set(placement.path, weight);
      onPacked?.(placement.from[0]!, packedTensor(placement, weight));
      onProgress?.(weights.size, placements.length);
    }
  } catch (error) {
    disposeOf(weights);
    throw error;
  }
  return modelOf(spec, weights, dtype);
}

/**
 * Only checks what `loadModel` checks before it loads anything.
 *
 * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` when names or shapes do not fit.
 */
export function checkModel(
  spec: Spec,
  checkpoint: Checkpoint,
  table: NameTable,
  options: Pick<LoadOptions, 'dtype'> = {},
): void {
  const { dtype } = expectMembers(options, 'options');
  place(spec, checkpoint, table, packedType(checkpoint, dtype));
}

/** With a gradient and two moments of each, in float32, they take the 4 GiB that a backend can address. */
const maxValues = 2 ** 28;

/**
 * A model with start values for training, the same for the same seed.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for more values than any memory has room for, before one is drawn.
 */
export function initializeModel<S extends Spec>(spec: S, seed: number): Model<S> {
  const wanted = sizeOf(spec);
  if (wanted > maxValues) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'model',
      expected: `at most ${maxValues} values`,
      got: wanted,
    });
  }
  const random = seededRandom(seed);
  const weights: Weights = new Map();
  for (const [path, param] of parameters(spec)) {
    const shape = [...param.shape];
    const values = param.init(tf.util.sizeFromShape(shape), random);
    weights.set(
      path,
      variableOf(param, () => tf.tensor(values, shape)),
    );
  }
  return modelOf(spec, weights, 'float32');
}

type Weights = Map<string, Weight>;

function modelOf<S extends Spec>(spec: S, weights: Weights, dtype: WeightType): Model<S> {
  const variables = [...weights].filter((entry): entry is [string, tf.Variable] => entry[1] instanceof tf.Variable);
  const all = [...parameters(spec)];
  const dispose = () => disposeOf(weights);
  return {
    params: paramsOf(spec, weights, ''),
    part: (of, path) => paramsOf(of, weights, path),
    variables: new Map(variables),
    size: sizeOf(spec),
    bytes: total(all.map(([path, param]) => bytesOf(weights.get(path)!, param, dtype))),
    dtype,
    dispose,
    [Symbol.dispose]: dispose,
  };
}

function paramsOf<S extends Spec>(spec: S, weights: Weights, path: string): ParamsOf<S> {
  return treeOf(spec, weights, path) as ParamsOf<S>;
}

/** The tree of the spec. */
function treeOf(spec: Spec, weights: Weights, path: string): unknown {
  if (isParam(spec)) return weights.get(path);
  const children = Object.entries(spec).map(
    ([name, child]) => [name, treeOf(child, weights, path ? `${path}.${name}` : name)] as const,
  );
  return Array.isArray(spec) ? children.map(([, child]) => child) : Object.fromEntries(children);
}

function disposeOf(weights: Weights): void {
  for (const weight of weights.values()) if (weight instanceof tf.Tensor) weight.dispose();
}

function sizeOf(spec: Spec): number {
  return total([...parameters(spec)].map(([, { shape }]) => tf.util.sizeFromShape([...shape])));
}

function total(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
