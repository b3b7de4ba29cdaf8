/** How many times as fast as onnxruntime-web in float32 an engine is, of one tower and batch. */
export interface Speed {
  readonly milliseconds: number;
  readonly ratio: number;
  /** Quartiles of the rounds' ratios. */
  readonly low: number;
  readonly high: number;
}

/** A run of the benchmark. */
export interface SpeedTable {
  /** As `Node 24`. */
  readonly place: string;
  readonly rounds: number;
  /** By `image b1` or `text b8`, then by the engine, as `diptych int8` or `onnxruntime-web`. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, Speed>>>>;
}

/** A peer without a type of numbers computes in float32. */
export function engineName(engine: string): string {
  return /^onnxruntime-\w+$/.test(engine) ? `${engine} float32` : engine;
}
