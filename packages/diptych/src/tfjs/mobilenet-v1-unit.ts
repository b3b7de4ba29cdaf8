import { type ConfigReader, EmbeddingError, quote } from '@diptych/core';
import type { Layer } from './layers-model.ts';

/** A convolution with its norm and its activation. */
export interface Unit {
  /** What errors call it. */
  readonly where: string;
  /** Channels that it gives; none of its own where it is depthwise. */
  readonly filters: number;
  readonly stride: 1 | 2;
  readonly epsilon: number;
  /** Whether a layer of zeros does its padding. */
  readonly padded: boolean;
}

/**
 * The unit at a place in MobileNet v1, where the first is the stem and depthwise and pointwise ones take turns after it.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` where the layers are others or compute something else.
 */
export function mobileNetV1Unit(index: number, layers: readonly Layer[], padding?: Layer): Unit {
  const [conv, norm, relu] = layers;
  const depthwise = index % 2 === 1;
  const name = index === 0 ? 'conv1' : `conv_${depthwise ? 'dw' : 'pw'}_${Math.ceil(index / 2)}`;
  const { config } = expectLayer(conv, name, depthwise ? /^DepthwiseConv2D$/ : /^Conv2D$/);
  const { config: normConfig } = expectLayer(norm, `${name}_bn`, /^BatchNormalization(V\d)?$/);
  expectRelu6(expectLayer(relu, `${name}_relu`, /^(Activation|ReLU)$/));
  expectField(config, 'data_format', '"channels_last"');
  expectField(config, 'dilation_rate', '[1,1]');
  expectField(config, 'activation', '"linear"');
  expectField(config, 'strides', ...stridesOf(index));
  const stride = (config.value('strides') as readonly [1 | 2, 1 | 2])[0];
  expectPadding(config, padding);
  return {
    where: config.where,
    filters: config.count('filters', 1),
    stride,
    epsilon: normConfig.number('epsilon', 1e-3),
    padded: padding !== undefined,
  };
}

function stridesOf(index: number): readonly string[] {
  if (index === 0) return ['[2,2]'];
  return index % 2 === 1 ? ['[1,1]', '[2,2]'] : ['[1,1]'];
}

/** Either `same`, or, as newer versions of Keras write it, zeros at the right and the bottom. */
function expectPadding(config: ConfigReader, zeros?: Layer): void {
  expectField(config, 'padding', zeros ? '"valid"' : '"same"');
  if (!zeros) return;
  expectField(config, 'strides', '[2,2]');
  expectField(zeros.config, 'padding', '[[0,1],[0,1]]');
}

function expectRelu6({ type, config }: Layer): void {
  if (type === 'ReLU') expectField(config, 'max_value', '6');
  else expectField(config, 'activation', '"relu6"');
}

function expectLayer(layer: Layer | undefined, name: string, type: RegExp): Layer {
  if (layer && layer.name === name && type.test(layer.type)) return layer;
  const got = layer ? `${layer.config.where} of class ${layer.type}` : 'none';
  throw new EmbeddingError('UNSUPPORTED', {
    where: 'MobileNet v1',
    expected: `layer '${name}' of class ${type.source}`,
    got,
  });
}

/** @param allowed As JSON. */
function expectField(config: ConfigReader, field: string, ...allowed: readonly string[]): void {
  const got = quote(config.value(field));
  if (allowed.includes(got)) return;
  throw new EmbeddingError('UNSUPPORTED', { where: `${config.where}: ${field}`, expected: allowed.join(' or '), got });
}
