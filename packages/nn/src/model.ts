import { type Checkpoint, EmbeddingError, type StoredTensor } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type NameTable, place, type Placement, storedShape } from './name-table.ts';
import { seededRandom } from './random.ts';
import { compress, type Compressed, type WeightType } from './compressed.ts';
import { isParam, type Param, parameters, type ParamsOf, type Spec } from './spec.ts';

/** The variables of a model. Whoever made them disposes of them, once. */
export interface Model<S extends Spec> extends Disposable {
  readonly params: ParamsOf<S>;
  /** Every variable by its dotted path. A compressed weight is none, so it cannot be trained. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Number of values. */
  readonly size: number;
  /** Memory that they take. */
  readonly bytes: number;
}

export interface LoadOptions {
  /** How weights of at least two axes are kept; vectors are always float32. Default `float32`. */
  readonly dtype?: WeightType;
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
  { dtype = 'float32', signal, onProgress }: LoadOptions = {},
): Promise<Model<S>> {
  const placements = place(spec, checkpoint, table);
  const weights: Weights = new Map();
  try {
    for (const placement of placements) {
      signal?.throwIfAborted();
      const parts = await Promise.all(placement.from.map((name) => checkpoint.read(name, signal)));
      const variable = toVariable(placement, parts);
      const small = dtype === 'float32' || placement.param.shape.length < 2;
      weights.set(placement.path, small ? variable : compressed(variable, dtype));
      onProgress?.(weights.size, placements.length);
    }
  } catch (error) {
    disposeOf(weights);
    throw error;
  }
  return modelOf(spec, weights);
}

/** A model with start values for training, the same for the same seed. */
export function initializeModel<S extends Spec>(spec: S, seed: number): Model<S> {
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
  return modelOf(spec, weights);
}

type Weights = Map<string, tf.Variable | Compressed>;

function modelOf<S extends Spec>(spec: S, weights: Weights): Model<S> {
  const variables = [...weights].filter((entry): entry is [string, tf.Variable] => entry[1] instanceof tf.Variable);
  const sizes = [...parameters(spec)].map(([, { shape }]) => tf.util.sizeFromShape([...shape]));
  const bytes = [...weights.values()].map((weight) => (weight instanceof tf.Variable ? 4 * weight.size : weight.bytes));
  return {
    params: paramsOf(spec, weights, '') as ParamsOf<S>,
    variables: new Map(variables),
    size: total(sizes),
    bytes: total(bytes),
    [Symbol.dispose]: () => disposeOf(weights),
  };
}

/** The tree of the spec. A compressed weight becomes a new tensor whenever it is read, which the reader's tidy frees. */
function paramsOf(spec: Spec, weights: Weights, path: string): unknown {
  if (isParam(spec)) {
    const weight = weights.get(path)!;
    return weight instanceof tf.Variable || spec.lookup ? weight : () => weight.tensor();
  }
  const children = Object.entries(spec).map(([name, child]) => {
    const value = paramsOf(child, weights, path ? `${path}.${name}` : name);
    return [
      name,
      typeof value === 'function' ? { get: value as () => tf.Tensor } : { value, enumerable: true },
    ] as const;
  });
  return Object.defineProperties(Array.isArray(spec) ? [] : {}, Object.fromEntries(children));
}

function disposeOf(weights: Weights): void {
  for (const weight of weights.values()) if (weight instanceof tf.Variable) weight.dispose();
}

function compressed(variable: tf.Variable, dtype: Exclude<WeightType, 'float32'>): Compressed {
  const kept = compress(variable.dataSync<'float32'>(), variable.shape, dtype);
  variable.dispose();
  return kept;
}

function total(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function toVariable(placement: Placement, parts: readonly StoredTensor[]): tf.Variable {
  const values = concat(parts.map((part, i) => toFloat32(part, placement.from[i]!)));
  return variableOf(placement.param, () => {
    const stored = tf.tensor(values, [...storedShape(placement)]);
    return placement.axes ? tf.transpose(stored, [...placement.axes]) : stored;
  });
}

/** `tf.variable` keeps a reference of its own, so the value it was made from is freed here. */
function variableOf({ trainable = true }: Param, value: () => tf.Tensor): tf.Variable {
  const start = tf.tidy(value);
  const variable = tf.variable(start, trainable);
  start.dispose();
  return variable;
}

function toFloat32({ data }: StoredTensor, name: string): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw new EmbeddingError('CHECKPOINT_MISMATCH', `${name}: expected floating-point values, got 64-bit integers`);
  }
  return Float32Array.from(data);
}

function concat(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
