import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** Variables or gradients by dotted path. */
export type Named<T extends tf.Tensor = tf.Tensor> = ReadonlyMap<string, T>;

/** Values by the name of their variable. */
export type Arrays = Readonly<Record<string, Float32Array>>;

/** All that the next step of an optimiser or an average depends on besides the variables; plain data. */
export interface Snapshot {
  readonly steps: number;
  readonly arrays: Arrays;
}

/** A variable of zeros that no gradient moves. */
export function zeroVariable(shape: number[]): tf.Variable {
  const start = tf.zeros(shape);
  const variable = tf.variable(start, false);
  start.dispose();
  return variable;
}

/** Copies of all values. */
export function valuesOf(variables: Named<tf.Variable>): Arrays {
  return Object.fromEntries([...variables].map(([name, variable]) => [name, variable.dataSync<'float32'>().slice()]));
}

/**
 * Puts values back, all or none.
 *
 * @param what Names their owner in errors.
 * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` when names or sizes differ.
 */
export function assignAll(variables: Named<tf.Variable>, arrays: Arrays, what: string): void {
  const names = Object.keys(arrays);
  const wrong = [...variables].find(([name, { size }]) => arrays[name]?.length !== size)?.[0];
  if (wrong !== undefined || names.length !== variables.size) {
    const got = wrong === undefined ? names.length : `${names.length}, of which '${wrong}' differs`;
    throw new EmbeddingError('CHECKPOINT_MISMATCH', {
      where: what,
      expected: `the state of ${variables.size} arrays`,
      got,
    });
  }
  tf.tidy(() => variables.forEach((variable, name) => variable.assign(tf.tensor(arrays[name]!, variable.shape))));
}
