import { addressOf, arriving, ask, bytesOfBody, EmbeddingError } from '@diptych/core';
import { nameOf } from './decode.ts';
import type { EncodedImage, ReadOptions, WaitForBytes } from './input.ts';

/** Bytes of a file given as anything but a path. */
export async function readBytes(input: EncodedImage, options: ReadOptions, wait?: WaitForBytes): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return input;
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (!(input instanceof Blob)) return download(input, options, wait);
  await wait?.(input.size);
  return new Uint8Array(await input.arrayBuffer());
}

/** Waited for where a server does not say how long an image is. */
const unknownBytes = 2 ** 26;

/** Of an image file from a URL: one of more bytes holds more pixels than are decoded. */
const maxFileBytes = 2 ** 28;

async function download(
  url: string | URL,
  { signal, fetch = globalThis.fetch }: ReadOptions,
  wait?: WaitForBytes,
): Promise<Uint8Array> {
  const where = nameOf(url);
  const address = addressOf(url);
  const answer = ask(fetch, address.url, { headers: address.headers, ...(signal && { signal }) });
  const response = await arriving(where, answer, signal);
  if (response.ok) {
    await wait?.(Math.min(Number(response.headers.get('content-length')) || unknownBytes, maxFileBytes));
    return arriving(where, bytesOfBody(response, { limit: maxFileBytes, signal }), signal);
  }
  await response.body?.cancel();
  throw new EmbeddingError('NETWORK', { where, expected: 'HTTP 200', got: response.status });
}
