import type { Fields, Value } from '../metadata.ts';
import { bytesOf, numbersOf } from './array-bytes.ts';
import { grown } from './grown.ts';
import { PackedIds } from './packed-ids.ts';

/** The values of one field by slot, as numbers: to be compared without an object for each row. */
export interface Column {
  /** What stands for the values; a slot that has none has what stands for none. */
  readonly codes: Float64Array | Int32Array;
  /** Makes room for so many slots. */
  reserve(slots: number): void;
  set(slot: number, value: Value | undefined): void;
  get(slot: number): Value | undefined;
  /** The number that stands for a value; `undefined` when no row has it. */
  codeOf(value: Value): number | undefined;
  /** Of so many slots, for `restore`. */
  keep(this: void, slots: number): Uint8Array[];
  /** Takes the place of what is there. @param parts What was kept; it takes its own from the front. */
  restore(this: void, parts: Uint8Array[]): void;
}

const makers: { readonly [T in Fields[string]]: () => Column } = { number: numbers, string: texts, boolean: flags };

export function columnsOf(fields: Fields): ReadonlyMap<string, Column> {
  return new Map(Object.entries(fields).map(([name, type]) => [name, makers[type]()]));
}

/** NaN where there is none. */
function numbers(): Column {
  let values = new Float64Array(0);
  return {
    get codes() {
      return values;
    },
    reserve: (slots) => void (values = grown(values, slots)),
    set(slot, value) {
      values = grown(values, slot + 1);
      values[slot] = value === undefined ? NaN : (value as number);
    },
    get: (slot) => (Number.isNaN(values[slot]!) ? undefined : values[slot]),
    codeOf: (value) => value as number,
    keep: (slots) => [bytesOf((values = grown(values, slots)).subarray(0, slots))],
    restore: (parts) => void (values = numbersOf(Float64Array, parts.shift()!)),
  };
}

/** Numbers of values, 0 where there is none. */
function codes(valueOf: (code: number) => Value, codeOf: (value: Value, isNew: boolean) => number | undefined): Column {
  let there = new Int32Array(0);
  return {
    get codes() {
      return there;
    },
    reserve: (slots) => void (there = grown(there, slots)),
    set(slot, value) {
      there = grown(there, slot + 1);
      there[slot] = value === undefined ? 0 : codeOf(value, true)!;
    },
    get: (slot) => (there[slot] ? valueOf(there[slot]) : undefined),
    codeOf: (value) => codeOf(value, false),
    keep: (slots) => [bytesOf((there = grown(there, slots)).subarray(0, slots))],
    restore: (parts) => void (there = numbersOf(Int32Array, parts.shift()!)),
  };
}

function texts(): Column {
  const values: string[] = [];
  const known = new Map<string, number>();
  const add = (text: string) => known.get(text) ?? (known.set(text, values.push(text)), values.length);
  const numbered = codes(
    (code) => values[code - 1]!,
    (value, isNew) => (isNew ? add(value as string) : known.get(value as string)),
  );
  const { keep, restore } = numbered;
  return Object.assign(numbered, {
    keep(slots: number) {
      const packed = new PackedIds();
      for (const value of values) packed.add(value);
      return [...keep(slots), ...packed.keep()];
    },
    restore(parts: Uint8Array[]) {
      restore(parts);
      const packed = new PackedIds();
      packed.restore(parts);
      for (let i = 0; i < packed.length; i++) add(packed.at(i)!);
    },
  });
}

function flags(): Column {
  return codes(
    (code) => code === 2,
    (value) => (value === true ? 2 : 1),
  );
}
