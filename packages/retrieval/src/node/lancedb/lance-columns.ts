import type * as Arrow from 'apache-arrow';
import type { Value } from '../../metadata.ts';

/** One bit a value, the first in the lowest. */
function bitmap(values: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (value) bits[i >> 3]! |= 1 << (i & 7);
  });
  return bits;
}

/** Where each of some values begins, and where the last ends. */
function offsetsOf(values: readonly Uint8Array[]): Int32Array {
  const offsets = new Int32Array(values.length + 1);
  values.forEach(({ length }, i) => (offsets[i + 1] = offsets[i]! + length));
  return offsets;
}

function joined(values: readonly Uint8Array[], offsets: Int32Array): Uint8Array {
  const bytes = new Uint8Array(offsets.at(-1)!);
  values.forEach((value, i) => bytes.set(value, offsets[i]));
  return bytes;
}

/** Columns of Arrow from values; null where one is absent. */
interface ColumnMakers {
  readonly texts: (values: readonly (string | null)[]) => Arrow.Data<Arrow.Utf8>;
  readonly flags: (values: readonly (boolean | null)[]) => Arrow.Data<Arrow.Bool>;
  readonly numbers: (values: readonly (number | null)[]) => Arrow.Data<Arrow.Float64>;
  readonly bytes: (values: readonly Uint8Array[]) => Arrow.Data<Arrow.Binary>;
}

export function columnMakers({ makeData, Bool, Float64, Utf8, Binary }: typeof Arrow): ColumnMakers {
  const nulls = (values: readonly unknown[]) => {
    const there = values.map((value) => value !== null);
    return { length: values.length, nullCount: there.filter((is) => !is).length, nullBitmap: bitmap(there) };
  };
  const texts = (values: readonly (string | null)[]) => {
    const encoder = new TextEncoder();
    const bytes = values.map((value) => encoder.encode(value ?? ''));
    const valueOffsets = offsetsOf(bytes);
    return makeData({ type: new Utf8(), ...nulls(values), valueOffsets, data: joined(bytes, valueOffsets) });
  };
  return {
    texts,
    flags: (values: readonly (boolean | null)[]) =>
      makeData({ type: new Bool(), ...nulls(values), data: bitmap(values.map((value) => value === true)) }),
    numbers: (values: readonly (number | null)[]) =>
      makeData({ type: new Float64(), ...nulls(values), data: Float64Array.from(values, (value) => value ?? 0) }),
    bytes: (values: readonly Uint8Array[]) => {
      const valueOffsets = offsetsOf(values);
      return makeData({
        type: new Binary(),
        length: values.length,
        nullCount: 0,
        valueOffsets,
        data: joined(values, valueOffsets),
      });
    },
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Texts of a column; Arrow's own decoder drops U+FEFF at the front of one. */
export function textsOf(column: Arrow.Vector): (string | null)[] {
  return column.data.flatMap((part) => {
    const { length, values, valueOffsets } = part as Arrow.Data<Arrow.Utf8>;
    return Array.from({ length }, (_, i) =>
      part.getValid(i) ? decoder.decode(values.subarray(valueOffsets[i], valueOffsets[i + 1])) : null,
    );
  });
}

export function valuesOf(column: Arrow.Vector): (Value | null)[] {
  return Array.from(column as Iterable<Value | null>);
}
