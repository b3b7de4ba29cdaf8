import type { FusedRecurrent } from '@diptych/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';
import type { Address } from './tfjs-inside.ts';
import { multiply, rightFactor } from './product.ts';
import { eachStep, putIds, putPlaces, recurrentPlan, type RecurrentPlan, withRooms } from './recurrent-steps.ts';

type Inputs = FusedRecurrent['inputs'];

/** What a pass makes. */
interface Made {
  readonly gates: TensorInfo;
  readonly states: TensorInfo;
  readonly products: TensorInfo;
}

/** The product of all inputs at once, then a product and the gates for each step. */
export const recurrent: KernelDefinition = defineKernel<FusedRecurrent>(
  'DiptychRecurrent',
  (runtime, inputs, attrs) => {
    const plan = recurrentPlan(runtime, inputs, attrs);
    const { count, kinds, hidden, width, steps } = plan;
    checkShape('recurrent: bias of the inputs', inputs.inputBias.shape, [width]);
    checkShape('recurrent: bias of the states', inputs.hiddenBias.shape, [width]);
    const y = runtime.output([...inputs.mask.shape, kinds * hidden], 'float32');
    const gates = runtime.output([count, width], 'float32');
    const states = runtime.output([kinds, count + 1, hidden], 'float32');
    // Only those of a GRU are needed again.
    const products = runtime.output([attrs.kind === 'gru' ? count : steps.largest, width], 'float32');
    addInputs(plan, inputs, gates);
    takeSteps(plan, inputs, { gates, states, products });
    spread(plan, states, y);
    return [y, gates, states, products];
  },
);

/** What the inputs add to the gates, of the tokens that count; what several share is multiplied once. */
function addInputs({ runtime, count, sources, inputs, width }: RecurrentPlan, given: Inputs, gates: TensorInfo): void {
  const { kernels, addressOf } = runtime;
  const bytes = {
    product: kernels.gemmScratchBytes(),
    weight: kernels.packedBytes(inputs, width) >>> 0,
    ids: 4 * count,
    rows: 4 * (sources.shared ? sources.count * width : count * inputs),
  };
  withRooms(runtime, bytes, (rooms) => {
    const ids = putIds(runtime, sources.of, rooms.ids);
    const [x, bias] = [addressOf(given.x), addressOf(given.inputBias)];
    const factor = rightFactor(runtime, given.inputWeight, [inputs, width], () => rooms.weight);
    const product = (at: Address, to: Address, rows: number) => {
      const a = { at, row: 4 * inputs, column: 4 };
      multiply(kernels, rooms.product, { ...factor, a, to, sizes: [rows, inputs, width], bias });
    };
    if (sources.shared) {
      product(x, rooms.rows, sources.count);
      kernels.gather(rooms.rows, ids, addressOf(gates), 1, sources.count, count, 4 * width);
    } else {
      kernels.gather(x, ids, rooms.rows, 1, sources.count, count, 4 * inputs);
      product(rooms.rows, addressOf(gates), count);
    }
  });
}

function takeSteps(plan: RecurrentPlan, given: Inputs, made: Made): void {
  const { runtime, kind, steps, count, kinds, hidden, width, rowBytes, stateBytes } = plan;
  const { kernels, addressOf } = runtime;
  const bytes = {
    product: kernels.gemmScratchBytes(),
    weight: kernels.packedBytes(hidden, width) >>> 0,
    ids: 4 * count,
    before: steps.largest * rowBytes,
    cells: steps.largest * rowBytes,
  };
  withRooms(runtime, bytes, (rooms) => {
    const weight = rightFactor(runtime, given.hiddenWeight, [hidden, width], () => rooms.weight);
    const previous = putIds(runtime, steps.previous, rooms.ids);
    const [states, products] = [addressOf(made.states), addressOf(made.products)];
    for (let i = 0; i < kinds; i++) kernels.zeros(states + i * stateBytes, hidden);
    eachStep(steps, (first, size, step) => {
      const [ids, next] = [previous + 4 * first, states + (first + 1) * rowBytes];
      const gates = addressOf(made.gates) + 4 * first * width;
      const own = products + (kind === 'gru' ? 4 * first * width : 0);
      kernels.gather(states, ids, rooms.before, 1, count + 1, size, rowBytes);
      multiply(kernels, rooms.product, {
        ...weight,
        a: { at: rooms.before, row: rowBytes, column: 4 },
        to: own,
        // Before the first step there are only zeros.
        sizes: [size, step === 0 ? 0 : hidden, width],
        bias: addressOf(given.hiddenBias),
      });
      if (kind === 'gru') return kernels.gruStep(gates, own, rooms.before, next, size, hidden);
      kernels.gather(states + stateBytes, ids, rooms.cells, 1, count + 1, size, rowBytes);
      return kernels.lstmStep(gates, own, rooms.cells, next, next + stateBytes, size, hidden);
    });
  });
}

/** The states to where their tokens stand, zeros elsewhere. */
function spread(plan: RecurrentPlan, states: TensorInfo, y: TensorInfo): void {
  const { runtime, count, all, kinds, hidden, rowBytes, stateBytes } = plan;
  const { kernels, addressOf } = runtime;
  kernels.zeros(addressOf(y), all * kinds * hidden);
  withRooms(runtime, { ids: 4 * count }, (rooms) => {
    for (let i = 0; i < kinds; i++) {
      const from = addressOf(states) + i * stateBytes + rowBytes;
      kernels.addRows(from, putPlaces(plan, i, rooms.ids), addressOf(y), count, hidden);
    }
  });
}
