import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { EmbeddingError, quote } from '@diptych/core';
import { parquet } from '@diptych/datasets';
import { npyWriter, writeNames } from '@diptych/datasets/node';
import type { Files } from '@diptych/files';
import type { NamedRows, ShardReport } from './job.ts';
import type { Finished } from './sink.ts';

const column = 'image_path';

/** What lies where; numbers of six digits, so that files pair by the order of their names. */
const places = {
  npy: ['img_emb', 'img_emb', 'npy'],
  metadata: ['metadata', 'metadata', 'parquet'],
  report: ['reports', 'report', 'json'],
} as const;

export type Kind = keyof typeof places;
export const kinds: readonly Kind[] = ['npy', 'metadata', 'report'];

/** Where files are written before they have their names. */
export const partialFolder = '.partial';
/** What a worker calls them: no path leads out of the folder. */
const ownName = /^\d+-[\da-f-]+\.(?:npy|parquet)$/;

/** Of files of a kind, in clip-retrieval's layout. */
export function folderOf(kind: Kind): string {
  return places[kind][0];
}

export function pathOf(kind: Kind, shard: number): string {
  const [folder, stem, ending] = places[kind];
  return `${folder}/${stem}_${String(shard).padStart(6, '0')}.${ending}`;
}

/** Of paths in the folder of a kind, those that are of no shard. */
export function unknownOf(kind: Kind, shards: number, paths: readonly string[]): readonly string[] {
  const known = new Set(Array.from({ length: shards }, (_, shard) => pathOf(kind, shard)));
  return paths.filter((path) => !known.has(path));
}

/** Files of a report, which anybody may have written. */
export function filesOf(
  { files, shard }: ShardReport,
  where: string,
): readonly (readonly ['npy' | 'metadata', ShardReport['files'][string]])[] {
  return (['npy', 'metadata'] as const).map((kind) => {
    const file = files[kind];
    if (file && ownName.test(file.path) && file.path.startsWith(`${shard}-`)) return [kind, file] as const;
    const expected = `the name of a file of shard ${shard}`;
    throw new EmbeddingError('INPUT_INVALID', { where: `${where}: ${kind}`, expected, got: quote(file?.path) });
  });
}

/** Writes the rows of a shard and their names to `<stem>.npy` and `<stem>.parquet`, on the disk when it resolves. */
export async function writeShard(
  stem: string,
  {
    rows,
    finished,
    at,
  }: {
    readonly rows: AsyncIterable<NamedRows>;
    readonly finished: () => Finished;
    /** Path of a name. */
    readonly at: (name: string) => string;
  },
): Promise<ShardReport> {
  const npy = await npyWriter(at(`${stem}.npy`));
  const names: string[] = [];
  const scales: number[] = [];
  try {
    for await (const block of rows) {
      await npy.add(block.rows);
      names.push(...block.names);
      scales.push(...(block.rows.scales ?? []));
    }
  } catch (error) {
    await npy.abandon();
    throw error;
  }
  await npy.close();
  await writeNames(at(`${stem}.parquet`), { column, names, scales });
  const hashed = async (path: string) => ({ path, sha256: await hashOf(at(path)) });
  const files = { npy: await hashed(`${stem}.npy`), metadata: await hashed(`${stem}.parquet`) };
  return { version: 1, rows: names.length, ...finished(), files };
}

/** The names of a shard that is in its place. */
export async function namesIn(files: Files, shard: number): Promise<readonly string[]> {
  const names: string[] = [];
  const images = { id: files.id, open: async () => undefined };
  const columns = { id: column, image: column, captions: () => ['none'] };
  for await (const { id } of parquet(files, [pathOf('metadata', shard)], { columns, images })) names.push(id);
  return names;
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
