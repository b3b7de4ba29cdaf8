/** Where steps of an index lie that are not in memory. */
export interface StepsFile {
  /** Bytes of steps that are kept in memory rather than here when they are made. */
  readonly mostInMemory: number;
  /** Bytes of steps that come to memory from here once there are searches. */
  readonly mostSearched: number;
  /**
   * From a byte on; zeros behind the last that was written.
   *
   * @throws {StepsLost} When what was written is not there.
   */
  read(at: number, to: Uint8Array): void;
  /** @throws {StepsLost} When they cannot be kept, as on a full disk. */
  write(at: number, bytes: Uint8Array): void;
  /** Calls from now and then, while nothing else is done, until the call gives `false` or the file is closed. */
  idle(call: () => boolean): void;
  close(): void;
}

/** The index is to be made anew, without a file. */
export class StepsLost extends Error {}
