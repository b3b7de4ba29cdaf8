import { crc32 } from 'node:zlib';
import { turn } from '@diptych/core';
import type { DamagedPart, StoreConfig } from '../../store.ts';
import { grown } from '../../store/grown.ts';
import { hasScales, rowBytes } from '../../store/items.ts';
import { SlotTable } from '../../store/slot-table.ts';
import { joinedSums } from './joined-sums.ts';
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
  #written = 0;
  readonly #joined: (sums: Float64Array) => number;

  constructor(config: Required<StoreConfig>, table: SlotTable = new SlotTable(config.fields)) {
    this.#config = config;
    this.#width = rowBytes(config);
    this.#joined = joinedSums(this.#width);
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
    this.#positions = grown(this.#positions, this.table.length);
    this.#sums = this.#sums && grown(this.#sums, this.table.length);
    if (scales) this.#scales = grown(this.#scales, this.table.length);
    const isNew = this.#placeAll(slots, record, scales);
    this.#written += isNew ? rows : 0;
    return isNew;
  }

  /** `false` where an id comes twice. */
  #placeAll(slots: Uint32Array, { rowsAt, sums }: StoredRecord, scales: Float32Array | undefined): boolean {
    const [positions, expected, width] = [this.#positions, this.#sums, this.#width];
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (positions[slot]! >= rowsAt) return false;
      positions[slot] = rowsAt + i * width;
      if (expected) expected[slot] = sums ? sums[i]! : NaN;
      if (scales) this.#scales[slot] = scales[i]!;
    }
    return true;
  }

  /** Deletes, of rows that lie side by side, what is not what was written. */
  dropDamaged(slots: readonly number[], rows: Uint8Array): DamagedPart[] {
    const [all, width, damaged] = [this.#sums, this.#width, [] as DamagedPart[]];
    if (!all) return damaged;
    const sums = new Float64Array(slots.length);
    for (let i = 0; i < sums.length; i++) sums[i] = all[slots[i]!]!;
    if (crc32(rows.subarray(0, slots.length * width)) === this.#joined(sums)) return damaged;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (Number.isNaN(sums[i]!) || crc32(rows.subarray(i * width, (i + 1) * width)) === sums[i]) continue;
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
