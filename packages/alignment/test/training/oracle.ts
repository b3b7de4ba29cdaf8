import { goldenJson } from '@diptych/golden';
import * as tf from '@tensorflow/tfjs-core';

type Numbers = readonly (readonly number[])[];
/** Arrays by name, nested as in the file. */
export type Arrays = Readonly<Record<string, tf.TensorLike>>;

export interface TrainingOracle {
  readonly optimizers: {
    readonly p0: readonly number[];
    readonly grads: Numbers;
    readonly traces: Readonly<Record<string, Numbers>>;
  };
  readonly 'clip_grad_norm_2.0': ClipCase;
  readonly 'clip_grad_norm_0.5': ClipCase;
  readonly warmup_cosine: Readonly<Record<'base' | 'warmup' | 'total', number>> & { readonly lr_at: Rates };
  readonly step_decay_vsepp: Readonly<Record<'lr0' | 'lr_update', number>> & { readonly lr_at_epoch: Rates };
  readonly ema: {
    readonly decay: number;
    readonly init: readonly number[];
    readonly updates: Numbers;
    readonly trace: Numbers;
  };
  readonly weight_decay_groups: { readonly examples: Readonly<Record<string, boolean>> };
  readonly train_trace_clip_adamw: Trace & {
    readonly img: Numbers;
    readonly ids: Numbers;
    readonly mask: Numbers;
    readonly loss_gradnorm_lr: Numbers;
  };
  readonly train_trace_vsepp: Trace & {
    readonly img_features_unit: Numbers;
    readonly ids: Numbers;
    readonly lengths: readonly number[];
    readonly loss_gradnorm: Numbers;
  };
  readonly train_trace_adversarial: Trace & {
    readonly x: Numbers;
    readonly y: Numbers;
    readonly pair_adv_lambda: Numbers;
  };
}
interface ClipCase {
  readonly g1: Numbers;
  readonly g2: readonly number[];
  readonly total_norm: number;
  readonly clipped_g1: Numbers;
  readonly clipped_g2: readonly number[];
}
interface Trace {
  readonly init: Arrays;
  readonly final: Arrays;
}
type Rates = Readonly<Record<string, number>>;

export function trainingOracle(): Promise<TrainingOracle> {
  return goldenJson('oracles/optim.json');
}

/** Numbers of an array, whatever its nesting. */
export function flat(values: tf.TensorLike): number[] {
  return [values].flat(Infinity) as number[];
}

/** Variables that start at the arrays; the caller disposes of them. */
export function variablesFrom(arrays: Arrays): Map<string, tf.Variable> {
  return new Map(
    Object.entries(arrays).map(([name, values]) => {
      const start = tf.tensor(values);
      const variable = tf.variable(start);
      start.dispose();
      return [name, variable];
    }),
  );
}

export function disposeAll(variables: ReadonlyMap<string, tf.Variable>): void {
  for (const variable of variables.values()) variable.dispose();
}
