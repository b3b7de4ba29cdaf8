import * as tf from '@tensorflow/tfjs-core';
import type { Value } from './onnx-graph.ts';
import { type Call, type Numbers, type Rule, toFirst, type Traced, type Tracer } from './onnx-tracer.ts';

/** What ONNX has for each kernel of a network of convolutions. */
export const rules: Readonly<Record<string, Rule>> = {
  Identity: (t, { inputs: { x } }) => t.at(x!.id),
  // All are float32.
  Cast: (t, { inputs: { x } }) => t.at(x!.id),
  DiptychConv2d: (t, call) => convolution(t, call, call.inputs['filter']!, [3, 2, 0, 1]),
  DiptychDepthwiseConv2d(t, call) {
    const [height, width, inputs, times] = call.inputs['filter']!.shape as [number, number, number, number];
    // Several outputs of one input stand side by side.
    const filter = tf.reshape(call.inputs['filter']!, [height, width, inputs * times, 1]);
    return convolution(t, call, filter, [2, 3, 0, 1], inputs);
  },
  DiptychLinear(t, call) {
    const { x, weight } = call.inputs;
    if (x!.rank === 4) {
      return convolution(t, call, tf.reshape(weight!, [1, 1, ...weight!.shape.slice(-2)]), [3, 2, 0, 1]);
    }
    const { columns } = call.attrs as { columns?: readonly [from: number, end: number] };
    const part = (y: tf.Tensor) =>
      columns
        ? tf.slice(
            y,
            [...y.shape.keys()].map((axis) => (axis + 1 < y.rank ? 0 : columns[0])),
            [...y.shape.slice(0, -1), columns[1] - columns[0]],
          )
        : y;
    const { bias } = call.inputs;
    const inputs = { ...call.inputs, ...(bias && { bias: part(bias) }) };
    return ends(t, t.graph.add('MatMul', [t.read(x!, false), t.constant(part(weight!))]), { ...call, inputs }, false);
  },
  DiptychActivate: (t, { inputs: { x }, attrs }) => {
    return { value: activated(t, t.at(x!.id).value, attrs['activation'] as string), first: t.isFirst(x!) };
  },
  DiptychLayerNorm(t, { inputs: { x, weight, bias }, attrs }) {
    const inputs = [t.read(x!, false), t.constant(weight!), t.constant(bias!)];
    const epsilon = { float: attrs['epsilon'] as number };
    return { value: t.graph.add('LayerNormalization', inputs, { epsilon }), first: false };
  },
  DiptychPatchify(t, { inputs: { pixels }, attrs, output }) {
    const [, height, width, channels] = pixels!.shape as [number, number, number, number];
    const patch = attrs['patch'] as number;
    const cut = [0, height / patch, patch, width / patch, patch * channels];
    const turned = t.graph.add('Transpose', [t.reshape(t.read(pixels!, false), cut)], { perm: [0, 1, 3, 2, 4] });
    return { value: t.reshape(turned, output.shape), first: false };
  },
  DiptychSelfAttention(t, { inputs, attrs, output }) {
    const [, length, width] = output.shape as [number, number, number];
    const heads = attrs['heads'] as number;
    const parts = [0, 1, 2].map((part) =>
      t.reshape(slice(t, t.read(inputs['qkv']!, false), [2], [part * width], [(part + 1) * width]), [
        0,
        length,
        heads,
        width / heads,
      ]),
    );
    const [q, k, v] = parts.map((part, i) =>
      t.graph.add('Transpose', [part], { perm: i === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] }),
    ) as [Value, Value, Value];
    const scores = t.graph.add('MatMul', [t.graph.add('Mul', [q, t.scalar((width / heads) ** -0.5)]), k]);
    const mixed = t.graph.add('MatMul', [t.graph.add('Softmax', [scores], { axis: 3 }), v]);
    const merged = t.graph.add('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return { value: t.reshape(merged, [0, length, width]), first: false };
  },
  Add: binary('Add'),
  AddV2: binary('Add'),
  Multiply: binary('Mul'),
  Sub: binary('Sub'),
  Sigmoid: unary('Sigmoid'),
  Relu: unary('Relu'),
  Softmax: unary('Softmax'),
  Relu6: (t, { inputs: { x } }) => ({ value: relu6(t, t.at(x!.id).value), first: t.isFirst(x!) }),
  Mean(t, { inputs: { x }, attrs, output }) {
    const axes = tf.util.parseAxisParam(attrs['axis'] as number[], x!.shape);
    const first = t.isFirst(x!);
    const moved = first ? axes.map((axis) => toFirst.indexOf(axis)) : axes;
    const keepdims = attrs['keepDims'] ? 1 : 0;
    return {
      value: t.graph.add('ReduceMean', [t.at(x!.id).value], { axes: moved, keepdims }),
      first: first && output.rank === 4,
    };
  },
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  PadV2(t, { inputs: { x }, attrs }) {
    const [, rows, columns] = attrs['paddings'] as readonly [Numbers, Numbers, Numbers];
    const around = [0, 0, rows[0]!, columns[0]!, 0, 0, rows[1]!, columns[1]!];
    return { value: t.graph.add('Pad', [t.read(x!, true), t.numbers(around)]), first: true };
  },
  Reshape: (t, { inputs: { x }, output: { shape } }) => {
    return { value: t.reshape(t.read(x!, false), shape, shape[0] === x!.shape[0] ? 0 : -1), first: false };
  },
  GatherV2(t, { inputs: { x, indices }, attrs }) {
    const places = t.numbers([...indices!.dataSync<'int32'>()]);
    return {
      value: t.graph.add('Gather', [t.read(x!, false), places], { axis: attrs['axis'] as number }),
      first: false,
    };
  },
  Transpose: (t, { inputs: { x }, attrs }) => {
    return { value: t.graph.add('Transpose', [t.read(x!, false)], { perm: attrs['perm'] as number[] }), first: false };
  },
  BatchMatMul(t, { inputs: { a, b }, attrs }) {
    if (attrs['transposeA']) throw new Error('no rule for a transposed left factor');
    const right = t.read(b!, false);
    const perm = [...b!.shape.keys()];
    if (attrs['transposeB']) perm.splice(-2, 2, b!.rank - 1, b!.rank - 2);
    const factor = attrs['transposeB'] ? t.graph.add('Transpose', [right], { perm }) : right;
    return { value: t.graph.add('MatMul', [t.read(a!, false), factor]), first: false };
  },
  Concat: (t, { inputs, attrs }) => {
    const values = Object.values(inputs).map((x) => t.read(x!, false));
    return { value: t.graph.add('Concat', values, { axis: attrs['axis'] as number }), first: false };
  },
  Slice(t, { inputs: { x }, attrs, output }) {
    const begin = attrs['begin'] as number[];
    // All items are taken.
    const axes = [...begin.keys()].slice(1);
    const starts = axes.map((axis) => begin[axis]!);
    return {
      value: slice(
        t,
        t.read(x!, false),
        axes,
        starts,
        axes.map((axis, i) => starts[i]! + output.shape[axis]!),
      ),
      first: false,
    };
  },
};

function slice(t: Tracer, value: Value, axes: Numbers, starts: Numbers, stops: Numbers): Value {
  return t.graph.add('Slice', [value, t.numbers(starts), t.numbers(stops), t.numbers(axes)]);
}

function convolution(t: Tracer, call: Call, filter: tf.Tensor, perm: Numbers, group = 1): Traced {
  const { stride = 1, padding = 0 } = call.attrs as { stride?: number; padding?: number };
  const scale = call.inputs['scale'];
  const scaled = scale ? tf.mul(filter, scale) : filter;
  const bias = call.inputs['bias'];
  const inputs = [t.read(call.inputs['x']!, true), t.constant(scaled, perm), ...(bias ? [t.constant(bias)] : [])];
  const pads = Array.from({ length: 4 }, () => padding);
  const sums = t.graph.add('Conv', inputs, { strides: [stride, stride], pads, group });
  return ends(t, sums, { ...call, inputs: { residual: call.inputs['residual'] } }, true);
}

function ends(t: Tracer, sums: Value, { inputs, attrs }: Call, first: boolean): Traced {
  const { scale, bias, residual } = inputs;
  let value = scale ? t.graph.add('Mul', [sums, t.constant(scale)]) : sums;
  if (bias) value = t.graph.add('Add', [value, t.constant(bias)]);
  value = activated(t, value, attrs['activation'] as string | undefined);
  return { value: residual ? t.graph.add('Add', [value, t.read(residual, first)]) : value, first };
}

function activated(t: Tracer, x: Value, name: string | undefined): Value {
  if (name === undefined) return x;
  if (name === 'relu') return t.graph.add('Relu', [x]);
  if (name === 'relu6') return relu6(t, x);
  if (name === 'quick_gelu') return quickGelu(t, x);
  if (name === 'hardsigmoid') return t.graph.add('HardSigmoid', [x], { alpha: { float: 1 / 6 } });
  if (name === 'hardswish') return t.graph.add('HardSwish', [x]);
  if (name !== 'gelu') throw new Error(`no rule for ${name}`);
  // As PyTorch writes it, which onnxruntime makes one node of.
  const error = t.graph.add('Erf', [t.graph.add('Div', [x, t.scalar(Math.SQRT2)])]);
  return t.graph.add('Mul', [t.graph.add('Mul', [x, t.graph.add('Add', [error, t.scalar(1)])]), t.scalar(0.5)]);
}

function quickGelu(t: Tracer, x: Value): Value {
  return t.graph.add('Mul', [x, t.graph.add('Sigmoid', [t.graph.add('Mul', [x, t.scalar(1.702)])])]);
}

function relu6(t: Tracer, x: Value): Value {
  return t.graph.add('Clip', [x, t.scalar(0), t.scalar(6)]);
}

function unary(type: string): Rule {
  return (t, { inputs }) => {
    const [x] = Object.values(inputs) as [tf.Tensor];
    return { value: t.graph.add(type, [t.at(x.id).value]), first: t.isFirst(x) };
  };
}

function binary(type: string): Rule {
  return (t, { inputs: { a, b } }) => {
    const first = t.isFirst(a!) || t.isFirst(b!);
    const values = [a!, b!].map((x) => {
      // A number for each channel.
      return first && x.rank === 1 ? t.constant(x, undefined, [x.size, 1, 1]) : t.read(x, first);
    });
    return { value: t.graph.add(type, values), first };
  };
}

function pool(type: string): Rule {
  return (t, { inputs: { x }, attrs }) => {
    const pad = attrs['pad'] === 'valid' ? 0 : (attrs['pad'] as number);
    const pads = Array.from({ length: 4 }, () => pad);
    const sides = (name: string) => [attrs[name], attrs[name]].flat().slice(0, 2) as number[];
    const attributes = { kernel_shape: sides('filterSize'), strides: sides('strides'), pads };
    return { value: t.graph.add(type, [t.read(x!, true)], attributes), first: true };
  };
}
