import { EmbeddingError, expectMembers } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import { assignAll, type Named, type Snapshot, valuesOf, zeroVariable } from './arrays.ts';
import type { UpdateRule } from './update-rule.ts';
import { decaysWeight } from './weight-decay.ts';

/** Moves variables against their gradients. It owns what its rule remembers. */
export interface Optimizer extends Disposable {
  readonly variables: Named<tf.Variable>;
  /** One step. Variables without a gradient stay as they are. Synchronous, to be called inside `tf.tidy`. */
  step(gradients: Named, learningRate: number): void;
  /** Its arrays are called `<variable>/<name of the rule's memory>`. */
  snapshot(): Snapshot;
  /**
   * Continues, bit for bit, where the snapshot was taken.
   *
   * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` when it is of other variables or another rule.
   */
  restore(state: Snapshot): void;
  /** Frees what it remembers, as `using` does; twice is once. The variables are not its own. */
  dispose(): void;
}

export interface OptimizerOptions {
  /** Whether weight decay moves a variable; default `decaysWeight`. */
  readonly decays?: (name: string, shape: readonly number[]) => boolean;
}

/** @param variables As of a `Model`; those that are not trainable are left out. */
export function optimizer(variables: Named<tf.Variable>, rule: UpdateRule, options: OptimizerOptions = {}): Optimizer {
  expectMembers(rule, 'optimizer: rule', 'memory', 'update');
  expectMembers(variables, 'optimizer: variables', 'get');
  const { decays = decaysWeight } = expectMembers(options, 'optimizer: options');
  const trained = new Map([...variables].filter(([, { trainable }]) => trainable));
  const memory = new Map<string, tf.Variable>();
  for (const [name, { shape }] of trained) {
    for (const role of rule.memory) memory.set(`${name}/${role}`, zeroVariable(shape));
  }
  let steps = 0;
  let disposed = false;
  const dispose = () => {
    disposed = true;
    for (const variable of memory.values()) variable.dispose();
    memory.clear();
  };

  return {
    variables: trained,
    step: (gradients, learningRate) => {
      if (disposed)
        throw new EmbeddingError('DISPOSED', { where: 'optimizer', expected: 'one in use', got: 'one disposed of' });
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
      assignAll(memory, state.arrays, 'optimizer');
      steps = state.steps;
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
