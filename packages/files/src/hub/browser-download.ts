import { gitPrefix } from './git-prefix.ts';
import { partsOf } from './hub-body.ts';
import type { HubCacheOptions } from './hub-cache.ts';
import type { HubDownload } from './hub-download.ts';
import type { HubFile } from './hub-listing.ts';

interface ReceiveOptions extends HubCacheOptions {
  /** Told all that arrived of a download that breaks off. */
  readonly keep: (arrived: Blob) => Promise<void>;
}

/**
 * A file and its hash, which is to be checked.
 *
 * @param before What arrived before it broke off.
 * @throws {EmbeddingError} `NETWORK` when it breaks off.
 */
export async function received(
  download: HubDownload,
  before: Blob | undefined,
  { keep, ...options }: ReceiveOptions,
): Promise<{ readonly blob: Blob; readonly hash: string }> {
  const { file } = download;
  const body = await download.request(before?.size ?? 0);
  // A browser may move a blob to the disk, and an array of bytes never.
  const parts: Blob[] = body.from > 0 ? [before!] : [];
  try {
    for await (const part of partsOf(file, body, options)) parts.push(new Blob([part]));
  } catch (error) {
    if (!options.signal?.aborted) await keep(new Blob(parts));
    throw error;
  }
  const blob = new Blob(parts);
  return { blob, hash: await hashOf(file, blob) };
}

async function hashOf({ algorithm, size }: HubFile, content: Blob): Promise<string> {
  const git = algorithm === 'git-sha1';
  const hashed = git ? new Blob([gitPrefix(size), content]) : content;
  const digest = await crypto.subtle.digest(git ? 'SHA-1' : 'SHA-256', await hashed.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
