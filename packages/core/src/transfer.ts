import { checkSignal, expectFunction, expectMembers } from './arguments.ts';
import { EmbeddingError } from './error.ts';

/** How long a server may take, in milliseconds. */
export interface Patience {
  /** For the head of its answer. Default 30,000. */
  readonly head?: number;
  /** For each further 1,024 bytes of the body, or its end. Default 30,000. */
  readonly body?: number;
}

export interface BodyOptions extends Patience {
  /** Most bytes, decompressed. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

const defaultMs = 30_000;
const stepBytes = 1024;

/** `fetch`, given up when the head of the answer is late. Rejects with the signal's own reason where it was aborted. */
export async function ask(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  url: string,
  request: RequestInit,
  patience: Patience = {},
): Promise<Response> {
  expectFunction(fetch, 'fetch');
  const { signal, ...init } = expectMembers(request, 'request');
  const { head = defaultMs } = expectMembers(patience, 'patience');
  checkSignal(signal ?? undefined);
  const late = new AbortController();
  const heard = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    return await within(fetch(url, { ...init, signal: heard }), head, signal ?? undefined);
  } catch (error) {
    late.abort(error);
    throw error;
  }
}

/**
 * What arrives of a server.
 *
 * @param where What errors call it.
 * @throws {EmbeddingError} `NETWORK` where it does not arrive; the signal's own reason where it was aborted.
 */
export async function arriving<T>(where: string, value: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await value;
  } catch (cause) {
    checkSignal(signal);
    if (cause instanceof EmbeddingError) throw cause;
    throw new EmbeddingError('NETWORK', { where, expected: 'an answer', got: cause }, { cause });
  }
}

/** The parts of a body as they arrive. Throws where it is longer than its limit, or the server takes too long. */
export async function* partsOfBody(
  response: Response,
  options: BodyOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { body } = expectMembers(response, 'response', 'body');
  const { limit, signal, body: patience = defaultMs } = expectMembers(options, 'body', 'limit');
  checkSignal(signal);
  // Not every browser iterates a stream by `for await`.
  const reader = body?.getReader();
  let done = 0;
  let step = 0;
  let left = patience;
  try {
    for (;;) {
      const begin = performance.now();
      const part = (await (reader && within(reader.read(), left, signal)))?.value;
      if (!part) return;
      done += part.length;
      if (done > limit) throw new Error(`more than ${limit} bytes`);
      // Only the waiting counts: whoever takes the parts may take their time.
      left -= performance.now() - begin;
      step += part.length;
      if (step >= stepBytes) [step, left] = [0, patience];
      yield part;
    }
  } finally {
    // A stream that failed refuses to be cancelled, and is over all the same.
    await reader?.cancel().catch(() => undefined);
  }
}

/** A whole body. */
export async function blobOfBody(response: Response, options: BodyOptions): Promise<Blob> {
  const parts: Blob[] = [];
  // A browser may move a blob to the disk, and an array of bytes never.
  for await (const part of partsOfBody(response, options)) parts.push(new Blob([part]));
  return new Blob(parts);
}

/** A whole body of few bytes. */
export async function bytesOfBody(response: Response, options: BodyOptions): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const part of partsOfBody(response, options)) parts.push(part);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function within<T>(work: Promise<T>, ms: number, signal?: AbortSignal): Promise<T> {
  let forget = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('none in time')), ms);
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    forget = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    forget();
  }
}
