/** What one process took. */
export interface StartUp {
  /** Milliseconds from its start to the first embedding. */
  readonly wall: number;
  /** The same of the processors. */
  readonly processor: number;
  /** What its memory grew by at most once the code was loaded, in sizes of the weights. */
  readonly memoryShare: number;
}

/** Any picture, as values of an image of 224 pixels. */
export const image = {
  pixels: new Float32Array(224 * 224 * 3).map((_, i) => (i % 251) / 251),
  shape: [1, 224, 224, 3],
} as const;

/**
 * Prints what the process took so far, and ends it.
 *
 * @param before Its memory in bytes once the code was loaded.
 * @param bytes Those of the weights.
 */
export function report(before: number, bytes: number): void {
  const wall = performance.now();
  const { user, system } = process.cpuUsage();
  const memoryShare = (process.resourceUsage().maxRSS * 1024 - before) / bytes;
  const result: StartUp = { wall, processor: (user + system) / 1000, memoryShare };
  process.stdout.write(JSON.stringify(result), () => process.exit());
}
