import type { Filter } from '../filter.ts';
import type { Fields, Metadata, Value } from '../metadata.ts';
import { columnsOf } from './columns.ts';
import { filterMask, MaskRoom } from './filter-mask.ts';
import { grown } from './grown.ts';
import { PackedIds } from './packed-ids.ts';

/** Which rows there are: each has a slot, by the order in which they were first stored, until it is deleted. */
export class SlotTable {
  /** By name of field. */
  readonly columns: ReturnType<typeof columnsOf>;
  readonly #ids = new PackedIds();
  readonly #masks = new MaskRoom();
  /** Absent where each row's is its slot. */
  #serials: Float64Array | undefined;
  #nextSerial: number;

  /** @param before The table that this one will take the place of. */
  constructor(fields: Fields, before?: SlotTable) {
    this.columns = columnsOf(fields);
    this.#serials = before && new Float64Array(0);
    this.#nextSerial = before ? before.#nextSerial : 0;
  }

  /** All that it knows, for `restore` of another that has the same fields and takes no other table's place. */
  keep(): Uint8Array[] {
    return [...this.#ids.keep(), ...[...this.columns.values()].flatMap((column) => column.keep(this.length))];
  }

  /** Takes the place of what is there. @param parts What was kept; it takes its own from the front. */
  restore(parts: Uint8Array[]): void {
    this.#ids.restore(parts);
    for (const column of this.columns.values()) column.restore(parts);
    this.#nextSerial = this.length;
  }

  /** Slots, those of deleted rows with them. */
  get length(): number {
    return this.#ids.length;
  }

  /** Rows. */
  get size(): number {
    return this.#ids.size;
  }

  slotOf(id: string): number | undefined {
    return this.#ids.slotOf(id);
  }

  /** `undefined` for a row that was deleted. */
  idAt(slot: number): string | undefined {
    return this.#ids.at(slot);
  }

  has(slot: number): boolean {
    return this.#ids.has(slot);
  }

  /** A number that the row keeps in tables that take the place of this one; later rows have greater ones. */
  serialAt(slot: number): number {
    return this.#serials ? this.#serials[slot]! : slot;
  }

  /** The first slot of a greater number. */
  slotAfter(serial: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.serialAt(middle) > serial) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  metadataAt(slot: number): Metadata {
    const metadata: Record<string, Value> = {};
    for (const [name, column] of this.columns) {
      const value = column.get(slot);
      if (value !== undefined) setOwn(metadata, name, value);
    }
    return metadata;
  }

  /** The slot of a row, a new one if it was not there. */
  put(id: string, metadata: Metadata, serial?: number): number {
    const next = this.length;
    const slot = this.#ids.add(id);
    if (slot === next) this.#count(slot, serial);
    for (const [name, column] of this.columns) {
      column.set(slot, Object.hasOwn(metadata, name) ? metadata[name] : undefined);
    }
    return slot;
  }

  /** The slots of ids in UTF-8, of which `ends` tells where each begins and ends; their metadata is for `columns` to know. */
  putAll(from: Uint8Array, ends: Uint32Array): Uint32Array {
    const next = this.length;
    const slots = this.#ids.addAll(from, ends);
    for (let slot = next; slot < this.length; slot++) this.#count(slot);
    return slots;
  }

  #count(slot: number, serial: number = this.#nextSerial++): void {
    if (!this.#serials) return;
    this.#serials = grown(this.#serials, slot + 1);
    this.#serials[slot] = serial;
  }

  /** Makes room for so many rows, so that what is there is copied once. */
  reserve(rows: number): void {
    this.#ids.reserve(rows);
    for (const column of this.columns.values()) column.reserve(rows);
  }

  /** The slot that it had. */
  delete(id: string): number | undefined {
    return this.#ids.remove(id);
  }

  /** As `delete`, of the UTF-8 of an id. */
  deleteBytes(from: Uint8Array, start: number, end: number): number | undefined {
    return this.#ids.removeBytes(from, start, end);
  }

  /** Those of rows, from one to before another. */
  slotsIn(first: number, end: number): number[] {
    const slots: number[] = [];
    for (let slot = first; slot < Math.min(end, this.length); slot++) if (this.has(slot)) slots.push(slot);
    return slots;
  }

  /** The slots of rows, in order. */
  *live(): Generator<number> {
    for (let slot = 0; slot < this.length; slot++) if (this.has(slot)) yield slot;
  }

  /** 1 for the slots of rows that pass, 0 for others, until the next call. */
  mask(filter: Filter): Uint8Array {
    this.#masks.begin();
    const mask = filterMask(filter, this.columns, this.length, this.#masks);
    if (this.size < this.length) for (let slot = 0; slot < mask.length; slot++) if (!this.has(slot)) mask[slot] = 0;
    return mask;
  }
}

/** Also a field called `__proto__`. */
function setOwn(metadata: Record<string, Value>, name: string, value: Value): void {
  if (name !== '__proto__') metadata[name] = value;
  else Object.defineProperty(metadata, name, { value, writable: true, enumerable: true, configurable: true });
}
