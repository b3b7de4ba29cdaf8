import { turn } from '@diptych/core';
import type { StoreConfig } from '../store.ts';
import { grown } from '../store/grown.ts';
import { rowBytes } from '../store/items.ts';
import { SlotTable } from '../store/slot-table.ts';
import type { RowsMeta } from './rows-meta.ts';

const slotsPerTurn = 16_384;
/** A log may hold less than its length says. */
const mostReserved = 2 ** 22;

/** The rows that are in a log: all but their components, which stay in the file. */
export class LiveRows {
  readonly table: SlotTable;
  readonly #config: Required<StoreConfig>;
  readonly #width: number;
  #positions: Float64Array = new Float64Array(0);
  #scales = new Float32Array(0);
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
    this.table.reserve(rows);
  }

  /** Of the first byte of a row in the file. */
  positionAt(slot: number): number {
    return this.#positions[slot]!;
  }

  scaleAt(slot: number): number | undefined {
    return slot < this.#scales.length ? this.#scales[slot] : undefined;
  }

  /** Rows and deletions in the log that say nothing any more. */
  get dead(): number {
    return this.#written - this.table.size;
  }

  /** @returns The slots that changed. */
  apply(meta: RowsMeta, rowsAt: number): number[] {
    if ('deleted' in meta) {
      this.#written += meta.deleted.length;
      return meta.deleted.flatMap((id) => this.table.delete(id) ?? []);
    }
    this.#written += meta.ids.length;
    return meta.ids.map((id, i) => {
      const slot = this.table.put(id, meta.metadata?.[i] ?? {});
      this.#place(slot, rowsAt + i * this.#width, meta.scales?.[i]);
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
    for (let slot = 0; slot < this.table.length; slot++) {
      if (slot % slotsPerTurn === 0) await turn();
      const id = this.table.idAt(slot);
      if (id === undefined) continue;
      const place = packed.table.put(id, this.table.metadataAt(slot), this.table.serialAt(slot));
      packed.#place(place, this.positionAt(slot), this.scaleAt(slot));
    }
    return packed;
  }

  #place(slot: number, position: number, scale: number | undefined): void {
    this.#positions = grown(this.#positions, slot + 1);
    this.#positions[slot] = position;
    if (scale === undefined) return;
    this.#scales = grown(this.#scales, slot + 1);
    this.#scales[slot] = scale;
  }
}
