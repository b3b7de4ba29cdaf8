import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as passed } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from './workspace.ts';

/** A model's files by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface TestHub {
  /** The cache that this process now uses. */
  readonly cache: string;
  /** Paths that were asked for. */
  readonly requests: string[];
}

/** What a hub calls the content of a revision; here any 40 digits that tell contents apart. */
export function commitOf(files: Files): string {
  return sha1(Buffer.concat(Object.entries(files).flatMap(([path, content]) => [Buffer.from(path), bytesOf(content)])));
}

/**
 * A hub with `org/name` or `org/name@revision`, and an empty cache, for this process until the test ends.
 *
 * @param options `slow`: a kilobyte of each file every 20 milliseconds.
 */
export async function withHub(
  models: Readonly<Record<string, Files>>,
  options: { readonly slow?: boolean } = {},
): Promise<TestHub> {
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    const body = answer(url, models);
    if (body === undefined) response.writeHead(404, { 'x-error-message': 'Repository not found' }).end();
    else if (options.slow && url.includes('/resolve/')) Readable.from(kilobytes(bytesOf(body))).pipe(response);
    else response.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const cache = join(await temporaryFolder(), 'hub');
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('HF_HUB_OFFLINE', '');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  return { cache, requests };
}

async function* kilobytes(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1024) {
    await passed(20);
    yield bytes.subarray(at, at + 1024);
  }
}

function answer(url: string, models: Readonly<Record<string, Files>>): string | Uint8Array | undefined {
  const [, listed, revision] = /^\/api\/models\/(.+)\/revision\/(.+)\?blobs=true$/.exec(url) ?? [];
  if (listed !== undefined) {
    const named = models[revision === 'main' ? listed : `${listed}@${revision}`];
    return listing(named ?? Object.values(models).find((files) => commitOf(files) === revision));
  }
  const [, name, commit, path] = /^\/(.+)\/resolve\/(\w+)\/(.+)$/.exec(url) ?? [];
  const found = Object.entries(models).find(([key, files]) => key.split('@')[0] === name && commitOf(files) === commit);
  return found?.[1][decodeURIComponent(path!)];
}

function listing(files: Files | undefined): string | undefined {
  if (!files) return undefined;
  const siblings = Object.entries(files).map(([rfilename, content]) => {
    const size = bytesOf(content).length;
    return { rfilename, size, blobId: sha1(Buffer.concat([Buffer.from(`blob ${size}\0`), bytesOf(content)])) };
  });
  return JSON.stringify({ sha: commitOf(files), siblings });
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}
