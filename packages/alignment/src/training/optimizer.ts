import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.ts';
import { decaysWeight } from './weight-decay.ts';

/** Variables or gradients by dotted path. */
export type Named<T extends tf.Tensor = tf.Tensor> = ReadonlyMap<string, T>;

/** Moves variables against their gradients. It owns what its rule remembers. */
export interface Optimizer extends Disposable {
  readonly variables: Named<tf.Variable>;
  /** One step. Variables without a gradient stay as they are. Synchronous, to be called inside `tf.tidy`. */
  step(gradients: Named, learningRate: number): void;
  /** All that the next step depends on besides the variables; plain data. */
  snapshot(): OptimizerState;
  /**
   * Continues, bit for bit, where the snapshot was taken.
   *
   * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` when it is of other variables or another rule.
   */
  restore(state: OptimizerState): void;
}

export interface OptimizerState {
  readonly steps: number;
  /** By `<variable>/<name of the rule's memory>`. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

export interface OptimizerOptions {
  /** Whether weight decay moves a variable; default `decaysWeight`. */
  readonly decays?: (name: string, shape: readonly number[]) => boolean;
}

/** @param variables As of a `Model`; those that are not trainable are left out. */
export function optimizer(
  variables: Named<tf.Variable>,
  rule: UpdateRule,
  { decays = decaysWeight }: OptimizerOptions = {},
): Optimizer {
  const trained = new Map([...variables].filter(([, { trainable }]) => trainable));
  const memory = new Map<string, tf.Variable>();
  for (const [name, { shape }] of trained) {
    for (const role of rule.memory) memory.set(`${name}/${role}`, zeroVariable(shape));
  }
  let steps = 0;
  let disposed = false;

  return {
    variables: trained,
    step: (gradients, learningRate) => {
      if (disposed) throw new EmbeddingError('DISPOSED', 'optimizer: used after it was disposed');
      steps += 1;
      for (const [name, variable] of trained) {
        const gradient = gradients.get(name);
        if (!gradient) continue;
        const kept = rule.memory.map((role) => memory.get(`${name}/${role}`)!);
        const moved = rule.update({
          value: variable,
          gradient,
          memory: kept,
          learningRate,
          step: steps,
          decays: decays(name, variable.shape),
        });
        variable.assign(moved.value);
        kept.forEach((one, i) => one.assign(moved.memory[i]!));
      }
    },
    snapshot: () => ({ steps, arrays: valuesOf(memory) }),
    restore: (state) => {
      assignAll(memory, state.arrays);
      steps = state.steps;
    },
    [Symbol.dispose]: () => {
      disposed = true;
      for (const variable of memory.values()) variable.dispose();
      memory.clear();
    },
  };
}

function zeroVariable(shape: number[]): tf.Variable {
  const start = tf.zeros(shape);
  const variable = tf.variable(start, false);
  start.dispose();
  return variable;
}

function valuesOf(variables: Named<tf.Variable>): OptimizerState['arrays'] {
  return Object.fromEntries([...variables].map(([name, variable]) => [name, variable.dataSync<'float32'>().slice()]));
}

function assignAll(variables: Named<tf.Variable>, arrays: OptimizerState['arrays']): void {
  const names = Object.keys(arrays);
  const wrong = [...variables].find(([name, { size }]) => arrays[name]?.length !== size)?.[0];
  if (wrong !== undefined || names.length !== variables.size) {
    const message = `optimizer: expected the state of ${variables.size} arrays, got ${names.length}`;
    throw new EmbeddingError('CHECKPOINT_MISMATCH', wrong === undefined ? message : `${message}; '${wrong}' differs`);
  }
  tf.tidy(() => variables.forEach((variable, name) => variable.assign(tf.tensor(arrays[name]!, variable.shape))));
}
