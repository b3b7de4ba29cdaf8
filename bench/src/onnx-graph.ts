import { bytes, concat, type Field, float, integer, message } from './protobuf.ts';

/** The name of a value in a graph. */
export type Value = string;
type Attribute = number | readonly number[] | { readonly float: number };

/** Field numbers are those of onnx.proto, and so are the numbers of the element types. */
const [float32, int8, int64] = [1, 3, 7] as const;

/** Writes an ONNX model of operator set 17. */
export class OnnxGraph {
  readonly #nodes: Field[] = [];
  readonly #initializers: Field[] = [];
  #count = 0;

  /** A node with one output. */
  add(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.addAll(type, inputs, 1, attributes)[0]!;
  }

  addAll(
    type: string,
    inputs: readonly Value[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const names = Array.from({ length: outputs }, () => `v${this.#count++}`);
    const fields = Object.entries(attributes).map(([name, value]) => message(5, bytes(1, name), ...attribute(value)));
    this.#nodes.push(
      message(
        1,
        ...inputs.map((input) => bytes(1, input)),
        ...names.map((name) => bytes(2, name)),
        bytes(4, type),
        ...fields,
      ),
    );
    return names;
  }

  constant(values: Float32Array | Int8Array | readonly number[], shape: readonly number[]): Value {
    const name = `w${this.#count++}`;
    const raw =
      values instanceof Float32Array || values instanceof Int8Array ? values : BigInt64Array.from(values, BigInt);
    const type = values instanceof Float32Array ? float32 : values instanceof Int8Array ? int8 : int64;
    const data = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
    const dims = shape.map((size) => integer(1, size));
    this.#initializers.push(message(5, ...dims, integer(2, type), bytes(8, name), bytes(9, data)));
    return name;
  }

  /** @param inputShape Sizes, or names of sizes that are known when it runs. */
  write(input: { name: string; type: 'float32' | 'int64'; shape: readonly (number | string)[] }, output: Value) {
    const elementType = input.type === 'float32' ? float32 : int64;
    const graph = message(
      7,
      ...this.#nodes,
      bytes(2, 'tower'),
      ...this.#initializers,
      message(11, bytes(1, input.name), tensorType(elementType, input.shape)),
      message(12, bytes(1, output), tensorType(float32, ['n', 'dim'])),
    );
    return concat([integer(1, 8), graph, message(8, integer(2, 17))]);
  }
}

function attribute(value: Attribute): Field[] {
  if (typeof value === 'number') return [integer(3, value), integer(20, 2)];
  if ('float' in value) return [float(2, value.float), integer(20, 1)];
  return [...value.map((item) => integer(8, item)), integer(20, 7)];
}

function tensorType(elementType: number, shape: readonly (number | string)[]): Field {
  const dims = shape.map((size) => message(1, typeof size === 'number' ? integer(1, size) : bytes(2, size)));
  return message(2, message(1, integer(1, elementType), message(2, ...dims)));
}
