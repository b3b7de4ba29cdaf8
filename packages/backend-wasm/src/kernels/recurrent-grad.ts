import type { FusedRecurrentGrad } from '@diptych/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';
import type { Address } from './tfjs-inside.ts';
import { type Matrix, multiply } from './product.ts';
import { eachStepBack, putIds, putPlaces, recurrentPlan, type RecurrentPlan, withRooms } from './recurrent-steps.ts';

type Inputs = FusedRecurrentGrad['inputs'];

/** Rooms of all steps at once. */
interface Slopes {
  /** Number of the state before each token. */
  readonly previous: Address;
  /** The states before each token, and the cells. */
  readonly before: Address;
  /** Slopes by the states, as the states lie, and by what inputs and states add to the gates. */
  readonly states: Address;
  readonly gates: Address;
  readonly products: Address;
}

/** Back through the steps, then the gradients of weights and inputs of all steps at once. */
export const recurrentGrad: KernelDefinition = defineKernel<FusedRecurrentGrad>(
  'DiptychRecurrentGrad',
  (runtime, inputs, attrs) => {
    const plan = recurrentPlan(runtime, inputs, attrs);
    const { count, kinds, hidden, width, rowBytes, stateBytes } = plan;
    checkShape('recurrent: dy', inputs.dy.shape, [...inputs.mask.shape, kinds * hidden]);
    checkShape('recurrent: gates', inputs.gates.shape, [count, width]);
    checkShape('recurrent: states', inputs.states.shape, [kinds, count + 1, hidden]);
    const made = [inputs.x, inputs.inputWeight, inputs.hiddenWeight].map(({ shape }) =>
      runtime.output(shape, 'float32'),
    );
    const [dx, dInputWeight, dHiddenWeight] = made as [TensorInfo, TensorInfo, TensorInfo];
    const [dInputBias, dHiddenBias] = [runtime.output([width], 'float32'), runtime.output([width], 'float32')];
    const gru = attrs.kind === 'gru';
    const bytes = {
      previous: 4 * count,
      before: kinds * count * rowBytes,
      states: kinds * stateBytes,
      gates: 4 * count * width,
      own: gru ? 4 * count * width : 0,
    };
    withRooms(runtime, bytes, ({ own, ...rooms }) => {
      // Inputs and states add alike to the gates of an LSTM.
      const slopes = { ...rooms, products: gru ? own : rooms.gates };
      readSlopes(plan, inputs, slopes);
      takeStepsBack(plan, inputs, slopes);
      // Before the first step there are only zeros.
      const first = plan.steps.starts[1] ?? 0;
      const before = { at: slopes.before + first * rowBytes, row: 4, column: rowBytes };
      const later = slopes.products + 4 * first * width;
      weightOf(plan, before, later, { weight: dHiddenWeight, count: count - first });
      runtime.kernels.columnSums(slopes.products, runtime.addressOf(dHiddenBias), count, width);
      addInputs(plan, inputs, slopes.gates, { dx, weight: dInputWeight, bias: dInputBias });
    });
    return [dx, dInputWeight, dInputBias, dHiddenWeight, dHiddenBias];
  },
);

/** Where each token's state comes from, and what the result says of its slope. */
function readSlopes(plan: RecurrentPlan, { dy, states }: Inputs, slopes: Slopes): void {
  const { runtime, steps, count, all, kinds, hidden, rowBytes, stateBytes } = plan;
  const { kernels, addressOf } = runtime;
  putIds(runtime, steps.previous, slopes.previous);
  withRooms(runtime, { ids: 4 * count }, ({ ids }) => {
    for (let i = 0; i < kinds; i++) {
      const [from, to] = [addressOf(states) + i * stateBytes, slopes.before + i * count * rowBytes];
      kernels.gather(from, slopes.previous, to, 1, count + 1, count, rowBytes);
      const at = slopes.states + i * stateBytes;
      kernels.zeros(at, hidden);
      kernels.gather(addressOf(dy), putPlaces(plan, i, ids), at + rowBytes, 1, kinds * all, count, rowBytes);
    }
  });
}

function takeStepsBack(plan: RecurrentPlan, given: Inputs, slopes: Slopes): void {
  const { runtime, kind, steps, hidden, width, rowBytes, stateBytes } = plan;
  const { kernels, addressOf } = runtime;
  const bytes = {
    product: kernels.gemmScratchBytes(),
    weight: kernels.packedBytes(width, hidden) >>> 0,
    direct: steps.largest * rowBytes,
    through: steps.largest * rowBytes,
  };
  withRooms(runtime, bytes, (rooms) => {
    kernels.packColumns(addressOf(given.hiddenWeight), 4, 4 * width, rooms.weight, width, hidden);
    eachStepBack(steps, (first, size, step) => {
      const previous = slopes.previous + 4 * first;
      stepBack(plan, given, slopes, { first, size, direct: rooms.direct });
      if (kind === 'lstm') kernels.addRows(rooms.direct, previous, slopes.states + stateBytes, size, hidden);
      // Nothing is before the first step.
      if (step === 0) return;
      multiply(kernels, rooms.product, {
        a: { at: slopes.products + 4 * first * width, row: 4 * width, column: 4 },
        b: rooms.weight,
        to: rooms.through,
        sizes: [size, width, hidden],
        ...(kind === 'gru' && { residual: rooms.direct }),
      });
      kernels.addRows(rooms.through, previous, slopes.states, size, hidden);
    });
  });
}

interface Step {
  readonly first: number;
  readonly size: number;
  /** Gets the slope by the states, or of an LSTM by the cells, that does not go through a product. */
  readonly direct: Address;
}

function stepBack(plan: RecurrentPlan, given: Inputs, slopes: Slopes, { first, size, direct }: Step): void {
  const { runtime, kind, count, hidden, width, rowBytes, stateBytes } = plan;
  const { kernels, addressOf } = runtime;
  const [gates, state] = [4 * first * width, first * rowBytes];
  const [from, before] = [addressOf(given.gates) + gates, slopes.before + state];
  const [after, to] = [slopes.states + rowBytes + state, slopes.gates + gates];
  if (kind === 'gru') {
    const [products, own] = [addressOf(given.products) + gates, slopes.products + gates];
    kernels.gruStepGrad(from, products, before, after, to, own, direct, size, hidden);
  } else {
    const [cellsBefore, cells] = [before + count * rowBytes, addressOf(given.states) + stateBytes + rowBytes + state];
    kernels.lstmStepGrad(from, cellsBefore, cells, after, after + stateBytes, to, direct, size, hidden);
  }
}

/** `a · slopes` over `count` tokens. */
function weightOf(
  { runtime, width }: RecurrentPlan,
  a: Matrix,
  slopes: Address,
  { weight, count }: { readonly weight: TensorInfo; readonly count: number },
): void {
  const { kernels, addressOf } = runtime;
  const bytes = { product: kernels.gemmScratchBytes(), slopes: kernels.packedBytes(count, width) >>> 0 };
  withRooms(runtime, bytes, (rooms) => {
    kernels.packColumns(slopes, 4 * width, 4, rooms.slopes, count, width);
    const sizes = [weight.shape[0]!, count, width] as const;
    multiply(kernels, rooms.product, { a, b: rooms.slopes, to: addressOf(weight), sizes });
  });
}

/** Of rows that several tokens share, the slopes are added up first. */
function addInputs(
  plan: RecurrentPlan,
  { x, inputWeight }: Inputs,
  slopes: Address,
  { dx, weight, bias }: { readonly dx: TensorInfo; readonly weight: TensorInfo; readonly bias: TensorInfo },
): void {
  const { runtime, count, sources, inputs, width } = plan;
  const { kernels, addressOf } = runtime;
  const { shared, count: xRows } = sources;
  const rows = shared ? xRows : count;
  const bytes = {
    product: kernels.gemmScratchBytes(),
    weight: kernels.packedBytes(width, inputs) >>> 0,
    ids: 4 * count,
    rows: 4 * rows * (shared ? width : inputs),
  };
  kernels.columnSums(slopes, addressOf(bias), count, width);
  withRooms(runtime, bytes, (rooms) => {
    const ids = putIds(runtime, sources.of, rooms.ids);
    if (shared) {
      kernels.zeros(rooms.rows, rows * width);
      kernels.addRows(slopes, ids, rooms.rows, count, width);
    } else kernels.gather(addressOf(x), ids, rooms.rows, 1, xRows, count, 4 * inputs);
    const [ofRows, given, to] = shared ? [rooms.rows, addressOf(x), addressOf(dx)] : [slopes, rooms.rows, rooms.rows];
    weightOf(plan, { at: given, row: 4, column: 4 * inputs }, ofRows, { weight, count: rows });
    kernels.packColumns(addressOf(inputWeight), 4, 4 * width, rooms.weight, width, inputs);
    const a = { at: ofRows, row: 4 * width, column: 4 };
    multiply(kernels, rooms.product, { a, b: rooms.weight, to, sizes: [rows, width, inputs] });
    if (shared) return;
    kernels.zeros(addressOf(dx), xRows * inputs);
    kernels.addRows(rooms.rows, ids, addressOf(dx), count, inputs);
  });
}
