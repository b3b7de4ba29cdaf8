import { processorClock } from './interleave.ts';

/** What one process took. */
export interface StartUp {
  /** Milliseconds from its start to the first embedding. */
  readonly wall: number;
  /** The same of the processors. */
  readonly processor: number;
  /** What its memory grew by at most once the code was loaded, in sizes of the weights. */
  readonly memoryShare: number;
}

/** What opening a whole model took. */
export interface Opening {
  /** Milliseconds from the start of the backend to the open model. */
  readonly opening: number;
  /** Milliseconds of the processors from the start of the process to there. */
  readonly processor: number;
  /** MiB that the process took at most, the engine and the code among them. */
  readonly peak: number;
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
  const memoryShare = (process.resourceUsage().maxRSS * 1024 - before) / bytes;
  print({ wall, processor: processorClock(), memoryShare });
}

/**
 * As `report`, for a model that has been opened.
 *
 * @param start When that began.
 */
export function reportOpening(start: number): void {
  const opening = performance.now() - start;
  print({ opening, processor: processorClock(), peak: process.resourceUsage().maxRSS / 1024 });
}

function print(result: StartUp | Opening): void {
  process.stdout.write(JSON.stringify(result), () => process.exit());
}
