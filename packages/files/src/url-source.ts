import { arriving, ask, blobOfBody, EmbeddingError, type Patience } from '@diptych/core';
import { blockSource } from './block-source.ts';
import type { ByteSource } from './byte-source.ts';
import { blobSource } from './blob-files.ts';
import { type Range, rangeOf, type RangeOptions } from './range-of.ts';

/** One file of a server and how to ask for it. */
export interface UrlTarget {
  readonly url: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly headers: Readonly<Record<string, string>>;
  readonly patience: Patience | undefined;
  /** Most bytes of the file where the server sends it whole. */
  readonly limit: number;
}

/** Asked for on opening, in bytes: most headers, photos and texts then take no second request. */
const headBytes = 1 << 20;

/** The file, or `undefined` where the server answers 404 or, as hosts of single-page apps do, with a page. */
export async function openUrl(target: UrlTarget, signal?: AbortSignal): Promise<ByteSource | undefined> {
  const first = await request(target, [0, headBytes], signal);
  if (first.status === 404 || isPage(target, first)) return discard(first);
  const size = sizeOf(first);
  if (first.status === 206 && size !== undefined) {
    const head = await rangeOf(first, [0, Math.min(size, headBytes)], partOf(target, signal));
    const blocks = blockSource(rangedSource(target, size, first.headers.get('etag')));
    return withHead(blocks, head);
  }
  const whole = rangeFailed(first) ? await again(target, first, signal) : first;
  if (whole.status !== 200) throw await refused(target, whole);
  const { url, limit, patience } = target;
  const blob = await arriving(url, blobOfBody(whole, { ...patience, limit, signal }), signal);
  return blobSource(blob, url);
}

/** HTML where something else was asked for. */
function isPage({ url }: UrlTarget, { ok, headers }: Response): boolean {
  return ok && !/\.html?$/i.test(url) && (headers.get('content-type')?.startsWith('text/html') ?? false);
}

/** A page may be forbidden to see the size of another origin's file, and no range fits an empty one. */
function rangeFailed({ status }: Response): boolean {
  return status === 206 || status === 416;
}

async function again(target: UrlTarget, first: Response, signal?: AbortSignal): Promise<Response> {
  await discard(first);
  return request(target, undefined, signal);
}

function withHead(source: ByteSource, head: Uint8Array): ByteSource {
  const { name, size } = source;
  return {
    name,
    size,
    read: async (begin, end, signal) =>
      end <= head.length ? head.subarray(begin, end) : source.read(begin, end, signal),
  };
}

function rangedSource(target: UrlTarget, size: number, tag: string | null): ByteSource {
  return {
    name: target.url,
    size,
    async read(begin, end, signal) {
      const response = await request(target, [begin, end], signal);
      if (response.status !== 206) throw await refused(target, response);
      if (sizeOf(response) !== size || response.headers.get('etag') !== tag) {
        await discard(response);
        throw network(target, 'one file', 'another at the next read');
      }
      return rangeOf(response, [begin, end], partOf(target, signal));
    },
  };
}

async function request(target: UrlTarget, range?: Range, signal?: AbortSignal): Promise<Response> {
  const { url, fetch, headers, patience } = target;
  const wanted = range && { range: `bytes=${range[0]}-${range[1] - 1}` };
  const init = { headers: { ...headers, ...wanted }, ...(signal && { signal }) };
  return arriving(url, ask(fetch, url, init, patience), signal);
}

function partOf({ url, patience }: UrlTarget, signal: AbortSignal | undefined): RangeOptions {
  return { where: url, patience, signal };
}

/** Bytes of the whole file, of which the response is a range. */
function sizeOf(response: Response): number | undefined {
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}

async function refused(target: UrlTarget, response: Response): Promise<EmbeddingError> {
  await discard(response);
  return network(target, 'HTTP 200 or 206', `${response.status} ${response.statusText}`.trimEnd());
}

/** Ends a response whose body nobody wants, so that its connection is free. */
async function discard(response: Response): Promise<undefined> {
  await response.body?.cancel();
}

function network({ url: where }: UrlTarget, expected: string, got: string): EmbeddingError {
  return new EmbeddingError('NETWORK', { where, expected, got });
}
