import * as tf from '@tensorflow/tfjs-core';
import { uniform } from './initializer.ts';
import { linear, type Linear, linearSpec } from './linear.ts';
import type { ParamsOf } from './spec.ts';

/** One direction of one layer; the gates stand side by side, each `hidden` wide. */
export type RecurrentCell = { readonly input: Linear; readonly hidden: Linear };
export type RecurrentLayer = { readonly forward: RecurrentCell; readonly backward?: RecurrentCell };

/** States `[n, hidden]` of one cell; the first is its output. */
type State = readonly tf.Tensor2D[];

/** What tells one recurrent network from another: `gru` or `lstm`. */
export interface RecurrentKind {
  readonly gates: number;
  readonly states: number;
  /** @param input `[n, gates * hidden]`, the inputs of one position after the cell's `input` layer. */
  readonly step: (input: tf.Tensor2D, state: State, hidden: ParamsOf<Linear>) => State;
}

export interface RecurrentShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly layers: number;
  readonly bidirectional: boolean;
}

export interface RecurrentResult {
  /** `[n, length, directions * hidden]`, forward first; zero where the mask is. */
  readonly outputs: tf.Tensor3D;
  /** Last states of every direction, layer by layer. */
  readonly states: readonly State[];
}

export function recurrentSpec(kind: RecurrentKind, shape: RecurrentShape): readonly RecurrentLayer[] {
  const { inputs, hidden, layers, bidirectional } = shape;
  const init = uniform(-(hidden ** -0.5), hidden ** -0.5);
  return Array.from({ length: layers }, (_, i) => {
    const width = i === 0 ? inputs : hidden * (bidirectional ? 2 : 1);
    const cell = () => ({
      input: linearSpec(width, kind.gates * hidden, init),
      hidden: linearSpec(hidden, kind.gates * hidden, init),
    });
    return bidirectional ? { forward: cell(), backward: cell() } : { forward: cell() };
  });
}

/**
 * All layers over `x` `[n, length, inputs]`, from zero states. Where `mask` `[n, length]` is 0 a state stays as it is, so
 * that padding at the end has no influence in either direction.
 */
export function recurrent(
  kind: RecurrentKind,
  layers: ParamsOf<readonly RecurrentLayer[]>,
  x: tf.Tensor3D,
  mask: tf.Tensor2D,
): RecurrentResult {
  const counts = tf.unstack(tf.expandDims(mask, 2), 1) as tf.Tensor2D[];
  const states: State[] = [];
  const outputs = layers.reduce((input, { forward, backward }) => {
    const passes = [pass(kind, forward, input, counts)];
    if (backward) passes.push(pass(kind, backward, input, counts, 'backward'));
    states.push(...passes.map(({ state }) => state));
    return tf.concat(
      passes.map((one) => one.outputs),
      2,
    );
  }, x);
  return { outputs, states };
}

function pass(
  kind: RecurrentKind,
  cell: ParamsOf<RecurrentCell>,
  x: tf.Tensor3D,
  counts: readonly tf.Tensor2D[],
  direction: 'forward' | 'backward' = 'forward',
): { outputs: tf.Tensor3D; state: State } {
  const inputs = tf.unstack(linear(cell.input, x), 1) as tf.Tensor2D[];
  const zero = tf.zeros<tf.Rank.R2>([x.shape[0], cell.hidden.weight.shape[0]]);
  let state: State = Array.from({ length: kind.states }, () => zero);
  const outputs: tf.Tensor2D[] = [];
  const positions = inputs.map((_, i) => (direction === 'forward' ? i : inputs.length - 1 - i));
  for (const at of positions) {
    const count = counts[at]!;
    const next = kind.step(inputs[at]!, state, cell.hidden);
    state = state.map((old, i) => tf.add(tf.mul(next[i]!, count), tf.mul(old, tf.sub(1, count))));
    outputs[at] = tf.mul(state[0]!, count);
  }
  return { outputs: tf.stack(outputs, 1) as tf.Tensor3D, state };
}
