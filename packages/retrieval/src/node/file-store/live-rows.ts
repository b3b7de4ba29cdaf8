import { crc32 } from 'node:zlib';
import { turn } from '@diptych/core';
import type { DamagedPart, StoreConfig } from '../../store.ts';
import { grown } from '../../store/grown.ts';
import { hasScales, rowBytes } from '../../store/items.ts';
import { SlotTable } from '../../store/slot-table.ts';
import { readMeta } from './read-meta.ts';
import type { StoredRecord } from './record-log.ts';
import type { RowsMeta } from './rows-meta.ts';

const slotsPerTurn = 4096;
/** A log may hold less than its length says. */
const mostReserved = 2 ** 22;

/** The rows that are in a log: all but their components, which stay in the file. */
export class LiveRows {
  readonly table: SlotTable;
  readonly #config: Required<StoreConfig>;
  readonly #width: number;
  #positions: Float64Array = new Float64Array(0);
  #scales = new Float32Array(0);
  /** By slot, of rows that nobody has read yet; NaN for others. Absent once all were. */
  #sums: Float64Array | undefined = new Float64Array(0);
  #views: readonly Uint8Array[] = [];
  #written = 0;

  constructor(config: Required<StoreConfig>, table: SlotTable = new SlotTable(config.fields)) {
    this.#config = config;
    this.#width = rowBytes(config);
    this.table = table;
  }

  /** Makes room for the rows of a log of so many bytes. */
  reserve(bytes: number): void {
    const rows = Math.min(mostReserved, Math.floor(bytes / this.#width));
    this.#positions = grown(this.#positions, rows);
    this.#sums = this.#sums && grown(this.#sums, rows);
    this.table.reserve(rows);
  }

  /** Of the first byte of a row in the file. */
  positionAt(slot: number): number {
    return this.#positions[slot]!;
  }

  positionsAt(slots: readonly number[]): Float64Array {
    const positions = new Float64Array(slots.length);
    for (let i = 0; i < slots.length; i++) positions[i] = this.#positions[slots[i]!]!;
    return positions;
  }

  scaleAt(slot: number): number | undefined {
    return slot < this.#scales.length ? this.#scales[slot] : undefined;
  }

  /** Rows and deletions in the log that say nothing any more. */
  get dead(): number {
    return this.#written - this.table.size;
  }

  /** A record of a log that is read from front to back; `false` when it is not written as this version writes it. */
  read(record: StoredRecord): boolean {
    const rows = record.rowBytes / this.#width;
    const read = Number.isInteger(rows) ? readMeta(record.meta, rows, this.table, this.#config.fields) : undefined;
    if (!read) return false;
    if ('deleted' in read) {
      this.#written += read.deleted;
      return rows === 0;
    }
    const { slots, scales } = read;
    if ((scales !== undefined) !== hasScales(this.#config)) return false;
    for (const [i, slot] of slots.entries()) {
      if (this.#positions[slot]! >= record.rowsAt) return false; // The same id again.
      this.#place(slot, record.rowsAt + i * this.#width, scales?.[i]);
      this.#expect(slot, record.sums?.[i]);
    }
    this.#written += rows;
    return true;
  }

  /** Deletes, of rows that lie side by side, what is not what was written. */
  dropDamaged(slots: readonly number[], rows: Uint8Array): DamagedPart[] {
    const [sums, damaged] = [this.#sums, [] as DamagedPart[]];
    if (!sums) return damaged;
    const views = this.#viewsOf(rows);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (Number.isNaN(sums[slot]!) || crc32(views[i]!) === sums[slot]) continue;
      const id = this.table.idAt(slot);
      if (id === undefined) continue;
      this.apply({ deleted: [id] }, 0);
      damaged.push({ position: this.positionAt(slot), bytes: this.#width, id });
    }
    return damaged;
  }

  /** All rows were read. */
  endCheck(): void {
    this.#sums = undefined;
    this.#views = [];
  }

  /** @returns The slots that changed. */
  apply(meta: RowsMeta, rowsAt: number, sums?: Uint32Array): number[] {
    if ('deleted' in meta) {
      this.#written += meta.deleted.length;
      return meta.deleted.flatMap((id) => this.table.delete(id) ?? []);
    }
    this.#written += meta.ids.length;
    return meta.ids.map((id, i) => {
      const slot = this.table.put(id, meta.metadata?.[i] ?? {});
      this.#place(slot, rowsAt + i * this.#width, meta.scales?.[i]);
      this.#expect(slot, sums?.[i]);
      return slot;
    });
  }

  /** All rows are elsewhere: in a log to which so many rows and deletions were written. */
  move(positions: Float64Array, written: number): void {
    this.#positions = positions;
    this.#written = written;
  }

  /** The same rows in fewer slots. Nothing may change meanwhile. */
  async packed(): Promise<LiveRows> {
    const packed = new LiveRows(this.#config, new SlotTable(this.#config.fields, this.table));
    packed.#written = this.#written;
    packed.#sums = undefined;
    for (let slot = 0; slot < this.table.length; slot++) {
      if (slot % slotsPerTurn === 0) await turn();
      const id = this.table.idAt(slot);
      if (id === undefined) continue;
      const place = packed.table.put(id, this.table.metadataAt(slot), this.table.serialAt(slot));
      packed.#place(place, this.positionAt(slot), this.scaleAt(slot));
    }
    return packed;
  }

  /** The same objects for the same place in memory: to make one takes about as long as a checksum. */
  #viewsOf(rows: Uint8Array): readonly Uint8Array[] {
    const [width, [first]] = [this.#width, this.#views];
    const isKnown = first?.buffer === rows.buffer && first.byteOffset === rows.byteOffset;
    if (!isKnown || this.#views.length * width < rows.length) {
      this.#views = Array.from({ length: rows.length / width }, (_, i) => rows.subarray(i * width, (i + 1) * width));
    }
    return this.#views;
  }

  #expect(slot: number, sum: number | undefined): void {
    if (!this.#sums) return;
    this.#sums = grown(this.#sums, slot + 1);
    this.#sums[slot] = sum ?? NaN;
  }

  #place(slot: number, position: number, scale: number | undefined): void {
    this.#positions = grown(this.#positions, slot + 1);
    this.#positions[slot] = position;
    if (scale === undefined) return;
    this.#scales = grown(this.#scales, slot + 1);
    this.#scales[slot] = scale;
  }
}
