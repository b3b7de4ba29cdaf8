import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { EmbeddingError, type EmbeddingError as Problem } from '@diptych/core';
import { parquet, type ReadOptions, type Sample, webdataset } from '@diptych/datasets';
import { relativePath } from '@diptych/files';
import { directory } from '@diptych/files/node';
import type { FleetData, Shard } from './job.ts';

/** An item of a shard, and how its image is had. */
export interface ShardItem {
  readonly name: string;
  readonly read: () => Promise<string | Uint8Array>;
}

export interface ArchiveOptions {
  readonly onSkip?: ((problem: Problem) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the rows of archives need not say here. */
const columns = { captions: () => ['none'] };

/** The images of one archive. A row that is malformed is no item. */
export function archiveSamples(
  { kind, root }: FleetData,
  path: string,
  options: ArchiveOptions = {},
): AsyncIterable<Sample> {
  const { onSkip = () => {}, signal } = options;
  const files = directory(root);
  const settings: ReadOptions = { onSkip, ...(signal && { signal }) };
  if (kind === 'webdataset') return webdataset(files, [path], { ...settings, columns });
  // Whether an image is there shows when it is read.
  const images = { id: files.id, open: files.open.bind(files) };
  return parquet(files, [path], { ...settings, columns, images });
}

/** The name of an item of an archive, unlike all in others. */
export function archiveName(path: string, { id }: Sample): string {
  return id.startsWith(`${path}/`) ? id : `${path}/${id}`;
}

/** The items of a shard, in order. */
export async function* shardItems(shard: Shard, data: FleetData, signal?: AbortSignal): AsyncGenerator<ShardItem> {
  const { images, archive, begin = 0, items } = shard;
  if (images) {
    for (const name of images) yield { name, read: async () => imageAt(data.root, name) };
    return;
  }
  const path = relativePath(archive ?? '', `shard ${shard.shard}`);
  let place = 0;
  for await (const sample of archiveSamples(data, path, { signal })) {
    if (place >= begin + items) return;
    if (place++ >= begin) yield { name: archiveName(path, sample), read: async () => sample.image(signal) };
  }
}

export function isUrl(name: string): boolean {
  return /^https?:\/\//.test(name);
}

function imageAt(root: string, name: string): string {
  return isUrl(name) ? name : join(root, relativePath(name, 'shard'));
}

/** SHA-256 of names, as they come. */
export function namesHash(): { readonly add: (name: string) => void; readonly hex: () => string } {
  const hash: Hash = createHash('sha256');
  return { add: (name) => void hash.update(`${JSON.stringify(name)}\n`), hex: () => hash.digest('hex') };
}

/** @throws {EmbeddingError} `INPUT_INVALID` where the names are no longer those that were submitted. */
export function expectNames({ shard, items, names }: Shard, found: readonly string[]): void {
  const hash = namesHash();
  for (const name of found) hash.add(name);
  if (found.length === items && hash.hex() === names) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: `shard ${shard}`,
    expected: `the ${items} items that were submitted`,
    got: `${found.length}, of which some are others; did the data change?`,
  });
}
