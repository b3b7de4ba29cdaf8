import type { Fields, Value } from '../metadata.ts';
import { grown } from './grown.ts';

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
  };
}

function texts(): Column {
  const values: string[] = [];
  const known = new Map<string, number>();
  return codes(
    (code) => values[code - 1]!,
    (value, isNew) => {
      const text = value as string;
      if (isNew && !known.has(text)) known.set(text, values.push(text));
      return known.get(text);
    },
  );
}

function flags(): Column {
  return codes(
    (code) => code === 2,
    (value) => (value === true ? 2 : 1),
  );
}
