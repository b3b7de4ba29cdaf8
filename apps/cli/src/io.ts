import type { Readable, Writable } from 'node:stream';
import { printable } from '@diptych/core';

/** A stream that may be a terminal, and then has a width. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What a command may touch of its process. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Where packages are looked for first: the user's folder. */
  readonly folder: string;
  /** Aborted with an `Interrupted` when the user wants to stop. */
  readonly signal: AbortSignal;
}

/** Stopped by a signal of the operating system, as `SIGINT`. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** 128 and the signal's number, as shells have it. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${signal}`);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/**
 * Resolves once the text is taken over, so that a slow reader slows the writer. Rejects with `EPIPE` when it is gone. What
 * a terminal is sent is printable; what a file or program is sent is left as it is.
 */
export function write(stream: Output, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const shown = stream.isTTY && typeof text === 'string' ? printable(text) : text;
    stream.write(shown, (error) => (error ? reject(error) : resolve()));
  });
}
