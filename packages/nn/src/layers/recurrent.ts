import { expectList, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { fusedRecurrent, type RecurrentInputs } from './fused-recurrent.ts';
import { gatherRows } from './gather-rows.ts';
import { uniform } from '../spec/initializer.ts';
import { linear, type Linear, linearSpec } from './linear.ts';
import type { ParamsOf } from '../spec/spec.ts';

/** One direction of one layer; the gates stand side by side, each `hidden` wide. */
export type RecurrentCell = { readonly input: Linear; readonly hidden: Linear };
export type RecurrentLayer = { readonly forward: RecurrentCell; readonly backward?: RecurrentCell };

/** States `[n, hidden]` of one cell; the first is its output. */
type State = readonly tf.Tensor2D[];

/** What tells one recurrent network from another: `gru` or `lstm`. */
export interface RecurrentKind {
  readonly name: 'gru' | 'lstm';
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

/** Inputs of which some are the same: each is multiplied once. */
export interface SharedInputs {
  /** `[m, inputs]`. */
  readonly rows: tf.Tensor2D;
  /** The row at each place of `[n, length]`. */
  readonly at: Int32Array;
}

export interface RecurrentResult {
  /** `[n, length, directions * hidden]`, forward first; zero where the mask is. */
  readonly outputs: tf.Tensor3D;
  /** Last states of every direction, layer by layer. */
  readonly states: readonly State[];
}

export function recurrentSpec(kind: RecurrentKind, shape: RecurrentShape): readonly RecurrentLayer[] {
  const { inputs, hidden, layers, bidirectional } = expectMembers(
    shape,
    'recurrentSpec: shape',
    'inputs',
    'hidden',
    'layers',
  );
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
 * All layers over `x` `[n, length, inputs]`, as it is or by its rows, from zero states. Where `mask` `[n, length]` is 0 a state stays as it is, so
 * that padding at the end has no influence in either direction.
 */
export function recurrent(
  kind: RecurrentKind,
  layers: ParamsOf<readonly RecurrentLayer[]>,
  x: tf.Tensor3D | SharedInputs,
  mask: tf.Tensor2D,
): RecurrentResult {
  expectMembers(kind, 'recurrent: kind', 'step');
  expectList(layers, 'recurrent: layers');
  for (const layer of layers) expectMembers(layer, 'recurrent: a layer', 'forward');
  const states: State[] = [];
  const masked = { mask, last: lastPlaces(mask) };
  const outputs = layers.reduce<tf.Tensor3D | SharedInputs>((input, { forward, backward }) => {
    const passes = [pass(kind, forward, input, masked)];
    if (backward) passes.push(pass(kind, backward, input, masked, 'backward'));
    states.push(...passes.map(({ state }) => state));
    return passes.length === 1
      ? passes[0]!.outputs
      : tf.concat3d(
          passes.map((one) => one.outputs),
          2,
        );
  }, x);
  return { outputs: placed(outputs, mask), states };
}

/** `[n, length, inputs]`. */
function placed(x: tf.Tensor3D | SharedInputs, { shape }: tf.Tensor2D): tf.Tensor3D {
  return x instanceof tf.Tensor ? x : tf.reshape(gatherRows(x.rows, x.at), [...shape, x.rows.shape[1]]);
}

interface Masked {
  readonly mask: tf.Tensor2D;
  readonly last: ReturnType<typeof lastPlaces>;
}

interface Pass {
  readonly outputs: tf.Tensor3D;
  readonly state: State;
}

function pass(
  kind: RecurrentKind,
  { input, hidden }: ParamsOf<RecurrentCell>,
  x: tf.Tensor3D | SharedInputs,
  { mask, last }: Masked,
  direction: 'forward' | 'backward' = 'forward',
): Pass {
  const [rows, at] = x instanceof tf.Tensor ? [x] : [x.rows, x.at];
  const inputs = [rows, input.weight, input.bias, hidden.weight, hidden.bias] as const;
  const plain = (...[one, weight, bias, hiddenWeight, hiddenBias]: RecurrentInputs) => {
    const cell = { input: { weight, bias }, hidden: { weight: hiddenWeight, bias: hiddenBias } };
    const given = at ? placed({ rows: one as tf.Tensor2D, at }, mask) : (one as tf.Tensor3D);
    return plainPass(kind, cell, given, { mask, direction });
  };
  const attrs = { kind: kind.name, direction, ...(at && { rows: at }) };
  const all = fusedRecurrent(inputs, mask, attrs, plain) ?? plain(...inputs);
  if (kind.states === 1) return { outputs: all, state: [lastOf(all, last(direction))] };
  const width = hidden.weight.shape[0];
  const state = tf.split<tf.Tensor2D>(lastOf(all, last(direction)), kind.states, 1);
  return { outputs: tf.slice3d(all, [0, 0, 0], [-1, -1, width]), state };
}

/** The states after each position side by side, `[n, length, states * hidden]`; zero where the mask is. */
function plainPass(
  kind: RecurrentKind,
  cell: ParamsOf<RecurrentCell>,
  x: tf.Tensor3D,
  { mask, direction }: { readonly mask: tf.Tensor2D; readonly direction: 'forward' | 'backward' },
): tf.Tensor3D {
  const counts = tf.unstack(tf.expandDims(mask, 2), 1) as tf.Tensor2D[];
  const inputs = tf.unstack(linear(cell.input, x), 1) as tf.Tensor2D[];
  const zero = tf.zeros<tf.Rank.R2>([x.shape[0], cell.hidden.weight.shape[0]]);
  let state: State = Array.from({ length: kind.states }, () => zero);
  const outputs: tf.Tensor2D[] = [];
  const positions = inputs.map((_, i) => (direction === 'forward' ? i : inputs.length - 1 - i));
  for (const at of positions) {
    const count = counts[at]!;
    const next = kind.step(inputs[at]!, state, cell.hidden);
    state = state.map((old, i) => tf.add(tf.mul(next[i]!, count), tf.mul(old, tf.sub(1, count))));
    outputs[at] = tf.mul(tf.concat2d([...state], 1), count);
  }
  return tf.stack(outputs, 1) as tf.Tensor3D;
}

/** The last position that a pass comes to in each text. The mask is read before a graphics card has it, which gives it back late. */
function lastPlaces(mask: tf.Tensor2D): (direction: 'forward' | 'backward') => Int32Array {
  const [n, length] = mask.shape;
  const counts = mask.dataSync<'float32'>();
  const counted = (count: number) => count !== 0;
  return (direction) =>
    Int32Array.from({ length: n }, (_, text) => {
      const row = counts.subarray(text * length, (text + 1) * length);
      const at = direction === 'forward' ? row.findLastIndex(counted) : row.findIndex(counted);
      return text * length + Math.max(at, 0);
    });
}

/** What stands there, `[n, width]`; zeros where it came to none. */
function lastOf(x: tf.Tensor3D, places: Int32Array): tf.Tensor2D {
  const [n, length, width] = x.shape;
  return gatherRows(tf.reshape(x, [n * length, width]), places);
}
