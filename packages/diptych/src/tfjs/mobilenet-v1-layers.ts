import { EmbeddingError, quote } from '@diptych/core';
import type { MobileNetV1Config } from '@diptych/image-encoder';
import type { Layer } from './layers-model.ts';
import { mobileNetV1Unit, type Unit } from './mobilenet-v1-unit.ts';

/** What the layers of a MobileNet v1 say. Sides are pixels. */
export interface MobileNetV1Layers {
  readonly config: MobileNetV1Config;
  readonly height: number;
  readonly width: number;
}

/** Whether layers go by the names that Keras gives those of MobileNet v1. */
export function isMobileNetV1(layers: readonly Layer[]): boolean {
  const names = new Set(layers.map(({ name }) => name));
  return ['conv1', 'conv_dw_1', 'conv_pw_1'].every((name) => names.has(name));
}

/**
 * Widths, strides and input size. Layers from the global average pooling on are not read.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a layer that MobileNet v1 does not have, or has otherwise.
 */
export function mobileNetV1Layers([input, ...rest]: readonly Layer[]): MobileNetV1Layers {
  const pooling = rest.findIndex(({ type }) => type === 'GlobalAveragePooling2D');
  const units = unitsOf(pooling < 0 ? rest : rest.slice(0, pooling));
  const { epsilon } = units[0]!;
  const odd = units.find((unit) => unit.epsilon !== epsilon);
  if (odd) throw unsupported(`${odd.where}: epsilon`, `${epsilon} as in the first layer`, odd.epsilon);
  return {
    config: { stemWidth: units[0]!.filters, blocks: blocksOf(units), batchNormEpsilon: epsilon },
    ...sidesOf(input!, units),
  };
}

/** A convolution, its norm and its activation, again and again; before the first of them there may be padding. */
function unitsOf(layers: readonly Layer[]): Unit[] {
  const units: Unit[] = [];
  for (let at = 0; at < layers.length; at += 3) {
    const padding = layers[at]?.type === 'ZeroPadding2D' ? layers[at++] : undefined;
    units.push(mobileNetV1Unit(units.length, layers.slice(at, at + 3), padding));
  }
  return units;
}

/** The units after the first in pairs, the depthwise ones first. */
function blocksOf(units: readonly Unit[]): MobileNetV1Config['blocks'] {
  return units.flatMap(({ stride }, i) => {
    if (i % 2 === 0) return [];
    const pointwise = units[i + 1];
    if (!pointwise) throw unsupported(units[i]!.where, 'a pointwise convolution after it', 'none');
    return [{ outputs: pointwise.filters, stride }];
  });
}

/** Layers of zeros do what `same` does as long as every stride divides the sides. */
function sidesOf({ config }: Layer, units: readonly Unit[]): Pick<MobileNetV1Layers, 'height' | 'width'> {
  const shape = config.value('batch_input_shape') ?? config.value('batch_shape');
  const [, height, width] = Array.isArray(shape) ? (shape as unknown[]) : [];
  const step = units.some(({ padded }) => padded) ? units.reduce((product, { stride }) => product * stride, 1) : 1;
  const fits = (side: unknown): side is number => Number.isSafeInteger(side) && (side as number) % step === 0;
  if (fits(height) && height > 0 && fits(width) && width > 0) return { height, width };
  throw unsupported(config.where, `an input of fixed sides that ${step} divides`, quote(shape));
}

function unsupported(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', { where, expected, got });
}
