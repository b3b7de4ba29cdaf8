import type { SlotTable } from './slot-table.ts';

/** The rows of a store as they are now. */
export interface RowSource {
  readonly table: SlotTable;
  scaleAt(slot: number): number | undefined;
  /** Rows of some slots as they are now, whatever is stored until they are read. */
  take(slots: readonly number[]): TakenRows;
}

export interface TakenRows {
  /** From one of the slots to before another, side by side, in `to` where it is given. What is damaged leaves the table. */
  read(first: number, end: number, to?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  release(): void;
}
