import { type Checkpoint, EmbeddingError, type StoredTensor } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type NameTable, place, type Placement, storedShape } from './name-table.ts';
import { seededRandom } from './random.ts';
import { mapSpec, type ParamsOf, type Spec } from './spec.ts';

/** The variables of a model. Whoever made them disposes of them, once. */
export interface Model<S extends Spec> extends Disposable {
  readonly params: ParamsOf<S>;
  /** Every variable by its dotted path. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
}

export interface LoadOptions {
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
  { signal, onProgress }: LoadOptions = {},
): Promise<Model<S>> {
  const placements = place(spec, checkpoint, table);
  const variables = new Map<string, tf.Variable>();
  try {
    for (const placement of placements) {
      signal?.throwIfAborted();
      const parts = await Promise.all(placement.from.map((name) => checkpoint.read(name, signal)));
      variables.set(placement.path, toVariable(placement, parts));
      onProgress?.(variables.size, placements.length);
    }
  } catch (error) {
    for (const variable of variables.values()) variable.dispose();
    throw error;
  }
  return modelOf(spec, variables);
}

/** A model with start values for training, the same for the same seed. */
export function initializeModel<S extends Spec>(spec: S, seed: number): Model<S> {
  const random = seededRandom(seed);
  const variables = new Map<string, tf.Variable>();
  mapSpec(spec, (path, { shape, init }) => {
    const values = init(tf.util.sizeFromShape([...shape]), random);
    variables.set(
      path,
      variableOf(() => tf.tensor(values, [...shape])),
    );
  });
  return modelOf(spec, variables);
}

function modelOf<S extends Spec>(spec: S, variables: ReadonlyMap<string, tf.Variable>): Model<S> {
  return {
    params: mapSpec(spec, (path) => variables.get(path)) as ParamsOf<S>,
    variables,
    [Symbol.dispose]() {
      for (const variable of variables.values()) variable.dispose();
    },
  };
}

function toVariable(placement: Placement, parts: readonly StoredTensor[]): tf.Variable {
  const values = concat(parts.map((part, i) => toFloat32(part, placement.from[i]!)));
  return variableOf(() => {
    const stored = tf.tensor(values, [...storedShape(placement)]);
    return placement.axes ? tf.transpose(stored, [...placement.axes]) : stored;
  });
}

/** `tf.variable` keeps a reference of its own, so the value it was made from is freed here. */
function variableOf(value: () => tf.Tensor): tf.Variable {
  const start = tf.tidy(value);
  const variable = tf.variable(start);
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
