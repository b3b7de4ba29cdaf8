import { addressOf, ask, blobOfBody, bytesOfBody, EmbeddingError, type Patience } from '@diptych/core';
import { blobFile } from './blob-files.ts';
import { blockFile } from './block-file.ts';
import type { DataFile, DataFiles } from './data-file.ts';
import { relativePath } from './relative-path.ts';

export interface UrlFilesOptions {
  /** Default: the platform's. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the server may take. */
  readonly patience?: Patience;
}

/** Of one request, in bytes. */
const blockBytes = 1 << 22;
const keptBlocks = 4;

/**
 * The files below a URL, by HTTP ranges, or whole where the server ignores ranges.
 *
 * Nothing is retried. A missing image shows when it is read: to ask for each one first would double the requests.
 *
 * @param base With or without the last `/`.
 */
export function urlFiles(base: string, options: UrlFilesOptions = {}): DataFiles {
  const { fetch = globalThis.fetch, patience } = options;
  const address = addressOf(base);
  const headers = { ...address.headers, ...options.headers };
  const id = address.url.replace(/\/$/, '');
  const get = async (url: string, range: string, signal?: AbortSignal): Promise<Response> => {
    const init = { headers: { ...headers, range }, ...(signal && { signal }) };
    return arrived(url, ask(fetch, url, init, patience), signal);
  };
  return {
    id,
    async open(path, signal) {
      const parts = relativePath(path, id).split('/');
      return openUrl(`${id}/${parts.map(encodeURIComponent).join('/')}`, { get, patience }, signal);
    },
  };
}

interface Server {
  readonly get: (url: string, range: string, signal?: AbortSignal) => Promise<Response>;
  readonly patience: Patience | undefined;
}

/** Of a file that a server sends whole, in bytes: it is held in memory. */
const maxWhole = 2 ** 32;

async function openUrl(url: string, server: Server, signal?: AbortSignal): Promise<DataFile | undefined> {
  const { get, patience } = server;
  const first = await get(url, `bytes=0-${blockBytes - 1}`, signal);
  if (first.status === 404) return discard(first);
  if (first.status === 200) {
    const whole = blobOfBody(first, { ...patience, limit: maxWhole, signal });
    return blobFile(await arrived(url, whole, signal), url);
  }
  const size = Number(/\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1]);
  if (first.status !== 206 || !Number.isSafeInteger(size)) throw await refused(url, first, '206 with the file’s size');
  const head = await bodyOf(url, first, { begin: 0, end: Math.min(size, blockBytes), patience, signal });
  const ranged: DataFile = {
    name: url,
    size,
    async read(begin, end, readSignal) {
      if (end <= head.length) return head.slice(begin, end);
      const response = await get(url, `bytes=${begin}-${end - 1}`, readSignal);
      if (response.status !== 206 || !response.headers.get('content-range')?.endsWith(`/${size}`)) {
        throw await refused(url, response, `206 of ${size} bytes`);
      }
      return bodyOf(url, response, { begin, end, patience, signal: readSignal });
    },
  };
  return size <= head.length ? ranged : blockFile(ranged, blockBytes, keptBlocks);
}

interface BodyRange {
  readonly begin: number;
  readonly end: number;
  readonly patience: Patience | undefined;
  readonly signal: AbortSignal | undefined;
}

async function bodyOf(
  url: string,
  response: Response,
  { begin, end, patience, signal }: BodyRange,
): Promise<Uint8Array> {
  const body = bytesOfBody(response, { ...patience, limit: end - begin, signal });
  const bytes = await arrived(url, body, signal);
  if (bytes.length === end - begin) return bytes;
  throw network(url, `expected bytes ${begin} to ${end}, got ${bytes.length} bytes`);
}

/** `NETWORK` where nothing arrives, and the signal's own reason where it was aborted. */
async function arrived<T>(url: string, arriving: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await arriving;
  } catch (cause) {
    signal?.throwIfAborted();
    throw network(url, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function refused(url: string, response: Response, expected: string): Promise<EmbeddingError> {
  await discard(response);
  return network(url, `expected HTTP 200 or ${expected}, got ${response.status} ${response.statusText}`.trimEnd());
}

/** Ends a response whose body nobody wants, so that its connection is free. */
async function discard(response: Response): Promise<undefined> {
  await response.body?.cancel();
}

function network(url: string, problem: string, cause?: unknown): EmbeddingError {
  return new EmbeddingError('NETWORK', `${url}: ${problem}`, cause === undefined ? undefined : { cause });
}
