import * as tf from '@tensorflow/tfjs-core';
import { OnnxGraph, type Value } from './onnx-graph.ts';
import type { KernelCall } from './trace-kernels.ts';

/** A value of the graph; images have their channels first there, as long as `first` says so. */
export interface Traced {
  readonly value: Value;
  readonly first: boolean;
}

export const toFirst = [0, 3, 1, 2];
const toLast = [0, 2, 3, 1];

export interface Call {
  readonly inputs: KernelCall['inputs'];
  readonly attrs: KernelCall['attrs'];
  readonly output: tf.Tensor;
}

export type Rule = (t: Tracer, call: Call) => Traced;

export type Numbers = readonly number[];

/** The graph of a trace, and what of it each tensor is. */
export class Tracer {
  readonly graph = new OnnxGraph();
  readonly #known = new Map<number, Traced>();
  readonly #pixels: string;

  constructor(pixels: Numbers) {
    this.#pixels = `${pixels}`;
  }

  at(id: number): Traced {
    const found = this.#known.get(id);
    if (!found) throw new Error('the trace has no such tensor');
    return found;
  }

  /** Adds what `rule` makes of a call, unless it computes of weights alone. */
  add({ name, inputs, attrs, outputs: [output] }: KernelCall, rule: Rule | undefined): void {
    const given = Object.values(inputs).filter((x) => x !== undefined);
    const pixels = this.#known.size === 0 && given.find(({ shape }) => `${shape}` === this.#pixels);
    if (pixels) this.#known.set(pixels.id, { value: 'pixels', first: true });
    if (!given.some(({ id }) => this.#known.has(id))) return;
    if (!rule) throw new Error(`no rule for ${name}`);
    this.#known.set(output!.id, rule(this, { inputs, attrs, output: output! }));
  }

  /** The value with an image's channels first, or as our tensor has it; constants are turned here. */
  read(x: tf.Tensor, first: boolean): Value {
    const found = this.#known.get(x.id);
    if (!found) return this.constant(x, first && x.rank === 4 ? toFirst : undefined);
    if (x.rank < 4 || found.first === first) return found.value;
    return this.graph.add('Transpose', [found.value], { perm: first ? toFirst : toLast });
  }

  isFirst(x: tf.Tensor): boolean {
    return this.#known.get(x.id)?.first ?? false;
  }

  /** @param perm Of the axes of a weight. */
  constant(x: tf.Tensor, perm?: Numbers, shape: Numbers = perm ? perm.map((axis) => x.shape[axis]!) : x.shape): Value {
    const turned = perm ? tf.transpose(x, [...perm]) : x;
    return this.graph.constant(turned.dataSync<'float32'>().slice(), shape);
  }

  numbers(values: Numbers): Value {
    return this.graph.constant(values, [values.length]);
  }

  /** @param first Of the sizes: 0 where the value has it already, -1 for what is left over. */
  reshape(value: Value, shape: Numbers, first: 0 | -1 = 0): Value {
    return this.graph.add('Reshape', [value, this.numbers([first, ...shape.slice(1)])]);
  }

  scalar(value: number): Value {
    return this.graph.constant(Float32Array.of(value), []);
  }
}
