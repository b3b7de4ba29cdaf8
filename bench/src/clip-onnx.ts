import type { Vit } from '@diptych/image-encoder';
import type { LayerNorm, Linear, ParamsOf, Projection, TransformerBlock, TransformerConfig } from '@diptych/nn';
import type { ClipText } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { imageConfig, textConfig } from './clip-b32.ts';
import { OnnxGraph, type Value } from './onnx-graph.ts';

/** Whether linear layers multiply float32, or int8 as onnxruntime's dynamic quantisation does. */
export type OnnxArithmetic = 'float32' | 'int8';

let quantized = false;

/** The image tower as transformers exports it: input `pixels` `[n, 3, 224, 224]`. */
export function imageTower(params: ParamsOf<Vit>, arithmetic: OnnxArithmetic): Uint8Array {
  quantized = arithmetic === 'int8';
  const graph = new OnnxGraph();
  const { width, patchSize } = imageConfig;
  // [patch, patch, channels, width] to [width, channels, patch, patch]
  const kernel = tf.transpose(params.patchEmbedding.weight, [3, 2, 0, 1]);
  const patches = graph.add('Conv', ['pixels', weight(graph, kernel)], { strides: [patchSize, patchSize] });
  kernel.dispose();
  const rows = graph.add('Transpose', [reshape(graph, patches, [0, width, -1])], { perm: [0, 2, 1] });
  const n = graph.add('Slice', [graph.add('Shape', ['pixels']), constant(graph, [0]), constant(graph, [1])]);
  const classShape = graph.add('Concat', [n, constant(graph, [1, width])], { axis: 0 });
  const classes = graph.add('Expand', [weight(graph, params.classToken), classShape]);
  const tokens = graph.add('Concat', [classes, rows], { axis: 1 });
  const x = graph.add('Add', [tokens, weight(graph, params.positions)]);
  const states = blocks(graph, imageConfig, params.blocks, layerNorm(graph, params.preNorm, x));
  return head(graph, states, 0, params.postNorm, params.projection, {
    name: 'pixels',
    type: 'float32',
    shape: ['n', 3, 224, 224],
  });
}

/** The text tower: input `ids` `[n, 77]`, whose last is the end of the text. */
export function textTower(params: ParamsOf<ClipText>, arithmetic: OnnxArithmetic): Uint8Array {
  quantized = arithmetic === 'int8';
  const graph = new OnnxGraph();
  const length = textConfig.contextLength;
  const tokens = graph.add('Gather', [weight(graph, params.tokens as tf.Tensor2D), 'ids'], { axis: 0 });
  const x = graph.add('Add', [tokens, weight(graph, params.positions)]);
  const hidden = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? -3.4e38 : 0,
  );
  const mask = graph.constant(hidden, [1, 1, length, length]);
  const states = blocks(graph, textConfig, params.blocks, x, mask);
  return head(graph, states, length - 1, params.finalNorm, params.projection, {
    name: 'ids',
    type: 'int64',
    shape: ['n', length],
  });
}

function blocks(
  graph: OnnxGraph,
  config: TransformerConfig,
  layers: ParamsOf<readonly TransformerBlock[]>,
  x: Value,
  mask?: Value,
): Value {
  return layers.reduce((state, layer) => {
    const attended = attention(graph, config, layer, layerNorm(graph, layer.norm1, state), mask);
    const sum = graph.add('Add', [state, attended]);
    const hidden = linear(graph, layer.mlp.fc1, layerNorm(graph, layer.norm2, sum));
    const gate = graph.add('Sigmoid', [graph.add('Mul', [hidden, graph.constant(Float32Array.of(1.702), [])])]);
    return graph.add('Add', [sum, linear(graph, layer.mlp.fc2, graph.add('Mul', [hidden, gate]))]);
  }, x);
}

function attention(
  graph: OnnxGraph,
  { heads, width }: TransformerConfig,
  { attention: { inProj, outProj } }: ParamsOf<TransformerBlock>,
  x: Value,
  mask?: Value,
): Value {
  const size = width / heads;
  const project = (part: number, perm: readonly number[]) => {
    const own = {
      weight: tf.slice(inProj.weight, [0, part * width], [-1, width]),
      bias: tf.slice(inProj.bias, part * width, width),
    };
    const split = reshape(graph, linear(graph, own, x), [0, 0, heads, size]);
    own.weight.dispose();
    own.bias.dispose();
    return graph.add('Transpose', [split], { perm });
  };
  const scale = graph.constant(Float32Array.of(size ** -0.5), []);
  const q = graph.add('Mul', [project(0, [0, 2, 1, 3]), scale]);
  const scores = graph.add('MatMul', [q, project(1, [0, 2, 3, 1])]);
  const weights = graph.add('Softmax', [mask ? graph.add('Add', [scores, mask]) : scores], { axis: 3 });
  const mixed = graph.add('Transpose', [graph.add('MatMul', [weights, project(2, [0, 2, 1, 3])])], {
    perm: [0, 2, 1, 3],
  });
  return linear(graph, outProj, reshape(graph, mixed, [0, 0, width]));
}

function head(
  graph: OnnxGraph,
  states: Value,
  at: number,
  norm: ParamsOf<LayerNorm>,
  projection: ParamsOf<Projection>,
  input: Parameters<OnnxGraph['write']>[0],
): Uint8Array {
  // A scalar index drops the axis.
  const row = graph.add('Gather', [states, graph.constant([at], [])], { axis: 1 });
  return graph.write(input, linear(graph, projection, layerNorm(graph, norm, row)));
}

function linear(graph: OnnxGraph, params: ParamsOf<Projection> & Partial<ParamsOf<Linear>>, x: Value): Value {
  const product = quantized
    ? int8Product(graph, x, params.weight)
    : graph.add('MatMul', [x, weight(graph, params.weight)]);
  return params.bias ? graph.add('Add', [product, weight(graph, params.bias)]) : product;
}

/** Weights in int8 with a scale for each column, activations in uint8 with one scale for all. */
function int8Product(graph: OnnxGraph, x: Value, tensor: tf.Tensor2D): Value {
  const [k, n] = tensor.shape;
  const values = tensor.dataSync<'float32'>();
  const scales = new Float32Array(n);
  values.forEach((value, i) => (scales[i % n] = Math.max(scales[i % n]!, Math.abs(value) / 127)));
  const codes = graph.constant(
    Int8Array.from(values, (value, i) => Math.round(value / scales[i % n]!)),
    [k, n],
  );
  const [q, scale, zero] = graph.addAll('DynamicQuantizeLinear', [x], 3) as [Value, Value, Value];
  const sums = graph.add('Cast', [graph.add('MatMulInteger', [q, codes, zero])], { to: 1 });
  return graph.add('Mul', [sums, graph.add('Mul', [scale, graph.constant(scales, [n])])]);
}

function layerNorm(graph: OnnxGraph, params: ParamsOf<LayerNorm>, x: Value): Value {
  const inputs = [x, weight(graph, params.weight), weight(graph, params.bias)];
  return graph.add('LayerNormalization', inputs, { epsilon: { float: 1e-5 } });
}

function reshape(graph: OnnxGraph, x: Value, shape: readonly number[]): Value {
  return graph.add('Reshape', [x, constant(graph, shape)]);
}

function constant(graph: OnnxGraph, values: readonly number[]): Value {
  return graph.constant(values, [values.length]);
}

function weight(graph: OnnxGraph, tensor: tf.Tensor): Value {
  return graph.constant(tensor.dataSync<'float32'>(), tensor.shape);
}
