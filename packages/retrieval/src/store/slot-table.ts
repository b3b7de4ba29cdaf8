import type { Filter } from '../filter.ts';
import type { Fields, Metadata, Value } from '../metadata.ts';
import { columnsOf } from './columns.ts';
import { filterMask } from './filter-mask.ts';
import { grown } from './grown.ts';

/** Which rows there are: each has a slot, by the order in which they were first stored, until it is deleted. */
export class SlotTable {
  readonly #columns: ReturnType<typeof columnsOf>;
  readonly #slots = new Map<string, number>();
  readonly #ids: (string | undefined)[] = [];
  #serials = new Float64Array(0);
  #nextSerial: number;

  /** @param before The table that this one will take the place of. */
  constructor(fields: Fields, before?: SlotTable) {
    this.#columns = columnsOf(fields);
    this.#nextSerial = before ? before.#nextSerial : 0;
  }

  /** Slots, those of deleted rows with them. */
  get length(): number {
    return this.#ids.length;
  }

  /** Rows. */
  get size(): number {
    return this.#slots.size;
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  /** `undefined` for a row that was deleted. */
  idAt(slot: number): string | undefined {
    return this.#ids[slot];
  }

  /** A number that the row keeps in tables that take the place of this one; later rows have greater ones. */
  serialAt(slot: number): number {
    return this.#serials[slot]!;
  }

  /** The first slot of a greater number. */
  slotAfter(serial: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#serials[middle]! > serial) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  metadataAt(slot: number): Metadata {
    const metadata: Record<string, Value> = {};
    for (const [name, column] of this.#columns) {
      const value = column.get(slot);
      if (value !== undefined) setOwn(metadata, name, value);
    }
    return metadata;
  }

  /** The slot of a row, a new one if it was not there. */
  put(id: string, metadata: Metadata, serial?: number): number {
    let slot = this.#slots.get(id);
    if (slot === undefined) {
      slot = this.#ids.push(id) - 1;
      this.#slots.set(id, slot);
      this.#serials = grown(this.#serials, slot + 1);
      this.#serials[slot] = serial ?? this.#nextSerial++;
    }
    for (const [name, column] of this.#columns) {
      column.set(slot, Object.hasOwn(metadata, name) ? metadata[name] : undefined);
    }
    return slot;
  }

  /** The slot that it had. */
  delete(id: string): number | undefined {
    const slot = this.#slots.get(id);
    if (slot === undefined) return undefined;
    this.#slots.delete(id);
    this.#ids[slot] = undefined;
    return slot;
  }

  /** The slots of rows, in order. */
  *live(): Generator<number> {
    for (const [slot, id] of this.#ids.entries()) if (id !== undefined) yield slot;
  }

  /** 1 for the slots of rows that pass, 0 for others. */
  mask(filter: Filter): Uint8Array {
    const mask = filterMask(filter, this.#columns, this.length);
    if (this.size < this.length) for (let slot = 0; slot < mask.length; slot++) if (!this.#ids[slot]) mask[slot] = 0;
    return mask;
  }
}

/** Also a field called `__proto__`. */
function setOwn(metadata: Record<string, Value>, name: string, value: Value): void {
  if (name !== '__proto__') metadata[name] = value;
  else Object.defineProperty(metadata, name, { value, writable: true, enumerable: true, configurable: true });
}
