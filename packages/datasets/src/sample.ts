/** One image with what is said about it. */
export interface Sample {
  /** Unique in its data set. */
  readonly id: string;
  /**
   * Reads the encoded image, anew at each call.
   *
   * @throws {EmbeddingError} `NOT_FOUND` when its file is gone.
   */
  readonly image: (signal?: AbortSignal) => Promise<Uint8Array>;
  /** At least one, in the order of the file. */
  readonly captions: readonly string[];
  /** As the file has it: `train`, `val`, `test`, `restval`. */
  readonly split?: string;
  /** Whatever else the file says. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}
