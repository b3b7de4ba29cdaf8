import type { FusedConv2d } from '@diptych/core';
import { Conv2D, type TensorInfo } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { placesBytes, placesFrom, writePlaces } from './places.ts';
import { factorRoom, type Matrix, multiply, type Product, rightFactor } from './product.ts';
import { checkShape, defineKernel, type KernelDefinition, type Runtime } from './runtime.ts';
import {
  type Block,
  blocksOf,
  type FilterAttributes,
  readBlock,
  setMoves,
  type Windows,
  windowsOf,
} from './windows.ts';

interface Convolution {
  readonly inputs: { readonly x: TensorInfo; readonly filter: TensorInfo };
  readonly attrs: FilterAttributes;
}

export const conv2d: KernelDefinition = defineKernel<Convolution>(Conv2D, (runtime, inputs, attributes) =>
  convolve(runtime, inputs, windowsOf(inputs.x.shape, inputs.filter.shape, attributes)),
);

export const fusedConv2d: KernelDefinition = defineKernel<FusedConv2d>(
  'DiptychConv2d',
  (runtime, { x, filter, scale, bias, residual }, { stride, padding, activation }) => {
    const { addressOf } = runtime;
    const windows = windowsOf(x.shape, filter.shape, { strides: stride, pad: padding });
    const { outShape, outChannels } = windows.info;
    checkShape('DiptychConv2d scale', scale?.shape, [outChannels]);
    checkShape('DiptychConv2d bias', bias?.shape, [outChannels]);
    checkShape('DiptychConv2d residual', residual?.shape, outShape);
    return convolve(runtime, { x, filter }, windows, {
      scale: scale && addressOf(scale),
      bias: bias && addressOf(bias),
      activation: activation && activationNumbers[activation],
      residual: residual && addressOf(residual),
    });
  },
);

/** What a filter meets, times the filter. */
function convolve(
  runtime: Runtime,
  { x, filter }: Convolution['inputs'],
  windows: Windows,
  { residual, ...ends }: Pick<Product, 'scale' | 'bias' | 'activation' | 'residual'> = {},
): TensorInfo {
  const { kernels, addressOf } = runtime;
  const [k, n] = [windows.length, windows.info.outChannels];
  const y = runtime.output(windows.info.outShape, 'float32');
  const dtype = runtime.packedOf(filter)?.dtype ?? 'float32';
  const places = windows.blockBytes + kernels.gemmScratchBytes();
  const bytes = places + placesBytes(windows, dtype);
  const scratch = runtime.scratch(bytes + factorRoom(runtime, filter, [k, n]));
  const factor = rightFactor(runtime, filter, [k, n], () => scratch + bytes);
  const images = addressOf(x);
  setMoves(runtime, windows.info);
  const product = (a: Matrix, { first, count }: Block) => {
    const row = 4 * first * n;
    const own = residual && { residual: residual + row };
    const to = addressOf(y) + row;
    multiply(kernels, scratch + windows.blockBytes, { a, ...factor, ...ends, ...own, to, sizes: [count, k, n] });
  };
  const byPatches = (rows: Block) => {
    for (const block of blocksOf(rows, k)) {
      product({ at: readBlock(runtime, windows, images, block, scratch), row: 4 * k, column: 4 }, block);
    }
  };
  const whole = { first: 0, count: windows.rows };
  const room = scratch + places;
  const byPlaces = (rows: Block) => product(placesFrom(room, rows.first), rows);
  if (bytes === places) byPatches(whole);
  else {
    const placed = writePlaces(runtime, windows, factor, { images, room });
    const each = windows.rows / placed.length;
    if (placed.length === 0) byPlaces(whole);
    placed.forEach((one, image) => (one ? byPlaces : byPatches)({ first: image * each, count: each }));
  }
  return y;
}
