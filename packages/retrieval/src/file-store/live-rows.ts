import type { StoreConfig } from '../store.ts';
import { rowBytes } from '../store/items.ts';
import { grown } from '../store/grown.ts';
import { SlotTable } from '../store/slot-table.ts';
import type { RowsMeta } from './rows-meta.ts';

/** The rows that are in a log: all but their components, which stay in the file. */
export class LiveRows {
  readonly table: SlotTable;
  readonly #width: number;
  #positions = new Float64Array(0);
  #scales = new Float32Array(0);
  #written = 0;

  /** @param before What these rows will take the place of. */
  constructor(config: Required<StoreConfig>, before?: LiveRows) {
    this.#width = rowBytes(config);
    this.table = new SlotTable(config.fields, before?.table);
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

  /**
   * @param serials Of the rows, where they have some already.
   * @returns The slots that changed.
   */
  apply(meta: RowsMeta, rowsAt: number, serials?: readonly number[]): number[] {
    if ('deleted' in meta) {
      this.#written += meta.deleted.length;
      return meta.deleted.flatMap((id) => this.table.delete(id) ?? []);
    }
    this.#written += meta.ids.length;
    return meta.ids.map((id, i) => {
      const slot = this.table.put(id, meta.metadata?.[i] ?? {}, serials?.[i]);
      this.#positions = grown(this.#positions, slot + 1);
      this.#positions[slot] = rowsAt + i * this.#width;
      if (meta.scales) {
        this.#scales = grown(this.#scales, slot + 1);
        this.#scales[slot] = meta.scales[i]!;
      }
      return slot;
    });
  }
}
