/** An input that means harm, and what is said of it. */
export interface HostileCase {
  readonly name: string;
  /** Makes it and hands it to its reader. */
  readonly run: () => Promise<unknown>;
  /** Codes that say so; a line of standard error for the command line. */
  readonly code: string;
  /** The file and the place. */
  readonly says: RegExp;
}

/** Inputs of one reader. */
export interface HostileKind {
  readonly cases: readonly HostileCase[];
  /** What must still work after each of them. */
  readonly honest: () => Promise<unknown>;
}

/** What a child process says of one input. */
export interface Verdict {
  readonly name: string;
  /** `undefined` where it is as the table says. */
  readonly problem?: string | undefined;
  /** Of the processor, all threads. */
  readonly seconds: number;
}

/** What a child process says at its end. */
export interface Report {
  readonly verdicts: readonly Verdict[];
  /** Most memory that the process held at any time. */
  readonly peakMiB: number;
}

export const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);
export const u32 = (value: number): Uint8Array<ArrayBuffer> => new Uint8Array(Uint32Array.of(value).buffer);
export const u16 = (value: number): Uint8Array<ArrayBuffer> => new Uint8Array(Uint16Array.of(value).buffer);

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A JSON text of some levels, far more than a stack has. */
export const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
