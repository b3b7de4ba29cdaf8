import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal, and then has a width. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What a command may touch of its process. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
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

/** Resolves once the text is taken over, so that a slow reader slows the writer. Rejects with `EPIPE` when it is gone. */
export function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
