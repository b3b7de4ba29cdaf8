/** Where steps of an index lie that are not in memory. */
export interface StepsFile {
  /** Bytes of steps that are kept in memory rather than here. */
  readonly mostInMemory: number;
  /**
   * From a byte on; zeros behind the last that was written.
   *
   * @throws {StepsLost} When what was written is not there.
   */
  read(at: number, to: Uint8Array): void;
  /** @throws {StepsLost} When they cannot be kept, as on a full disk. */
  write(at: number, bytes: Uint8Array): void;
  close(): void;
}

/** The index is to be made anew, without a file. */
export class StepsLost extends Error {}
