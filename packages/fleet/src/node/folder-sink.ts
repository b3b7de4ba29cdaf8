import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddingError, expectText, quote } from '@diptych/core';
import { syncFolder } from '@diptych/core/node';
import { parquet } from '@diptych/datasets';
import { npyWriter, writeNames } from '@diptych/datasets/node';
import { directory, onDisk } from '@diptych/files/node';
import { type NamedRows, read, reportMembers, type ShardReport } from './job.ts';
import type { Finished, Sink } from './sink.ts';

const column = 'image_path';

/** What lies where; numbers of six digits, so that files pair by the order of their names. */
const places = {
  npy: ['img_emb', 'img_emb', 'npy'],
  metadata: ['metadata', 'metadata', 'parquet'],
  report: ['reports', 'report', 'json'],
} as const;
type Kind = keyof typeof places;
type NamedFile = ShardReport['files'][string];

/** Where files are written before they have their names. */
const partialFolder = '.partial';
/** What a worker calls them: no path leads out of the folder. */
const ownName = /^\d+-[\da-f-]+\.(?:npy|parquet)$/;

function pathOf(kind: Kind, shard: number): string {
  const [folder, stem, ending] = places[kind];
  return `${folder}/${stem}_${String(shard).padStart(6, '0')}.${ending}`;
}

/**
 * A folder that all workers share, in clip-retrieval's layout: `img_emb/img_emb_000000.npy` and
 * `metadata/metadata_000000.parquet` for each shard, and `reports/report_000000.json`.
 *
 * Rows are written and on the disk under names of their own. Then the report is linked to its name, which only one worker
 * can do: it says which files are the shard's, and whoever comes by moves them there. The disk must know hard links.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` with the path, as its methods do, where the disk refuses.
 */
export async function folderSink(folder: string): Promise<Sink> {
  expectText(folder, 'folderSink');
  await onDisk(folder, async () => {
    for (const name of [partialFolder, ...Object.values(places).map(([one]) => one)])
      await mkdir(join(folder, name), { recursive: true });
  });
  const find = async (shard: number): Promise<ShardReport | undefined> =>
    onDisk(folder, async () => found(folder, shard));
  return {
    find,
    put: async (shard, rows, finished) => {
      const stem = `${shard.shard}-${randomUUID()}`;
      const report = await onDisk(folder, async () => {
        try {
          return await put(folder, stem, rows, finished);
        } catch (error) {
          await removePartials(folder, stem).catch(() => {}); // The first error says more.
          // Whoever was first has cleared away what was ours.
          const theirs = await found(folder, shard.shard).catch(() => undefined);
          if (theirs) return theirs;
          throw error;
        }
      });
      return (await find(report.shard)) ?? report;
    },
    check: async (report) => check(folder, report),
    others: async (shards) => others(folder, shards),
  };
}

/** The report of a shard, whose files are in their places then. */
async function found(folder: string, shard: number): Promise<ShardReport | undefined> {
  const path = join(folder, pathOf('report', shard));
  const bytes = await readFile(path).catch(unlessMissing);
  if (!bytes) return undefined;
  const report = read<ShardReport>(bytes, path, reportMembers);
  for (const [kind, { path: partial }] of filesOf(report, path)) {
    await rename(join(folder, partialFolder, partial), join(folder, pathOf(kind, shard))).catch(unlessMissing);
  }
  for (const kind of ['npy', 'metadata'] as const) await syncFolder(join(folder, places[kind][0]));
  await removePartials(folder, `${shard}-`);
  return report;
}

/** Files of a report, which anybody may have written. */
function filesOf({ files, shard }: ShardReport, where: string): readonly (readonly [Kind, NamedFile])[] {
  return (['npy', 'metadata'] as const).map((kind) => {
    const file = files[kind];
    if (file && ownName.test(file.path) && file.path.startsWith(`${shard}-`)) return [kind, file] as const;
    const expected = `the name of a file of shard ${shard}`;
    throw new EmbeddingError('INPUT_INVALID', { where: `${where}: ${kind}`, expected, got: quote(file?.path) });
  });
}

async function put(
  folder: string,
  stem: string,
  rows: AsyncIterable<NamedRows>,
  finished: () => Finished,
): Promise<ShardReport> {
  const partial = (ending: string) => join(folder, partialFolder, `${stem}.${ending}`);
  const npy = await npyWriter(partial('npy'));
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
  await writeNames(partial('parquet'), { column, names, scales });
  const hashed = async (ending: string) => ({ path: `${stem}.${ending}`, sha256: await hashOf(partial(ending)) });
  const files = { npy: await hashed('npy'), metadata: await hashed('parquet') };
  const report: ShardReport = { version: 1, rows: names.length, ...finished(), files };
  await writeSynced(partial('json'), JSON.stringify(report));
  await syncFolder(join(folder, partialFolder));
  await link(partial('json'), join(folder, pathOf('report', report.shard))).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // Somebody was first.
  });
  await syncFolder(join(folder, places.report[0]));
  return report;
}

async function check(folder: string, report: ShardReport): ReturnType<Sink['check']> {
  const { shard, rows } = report;
  const problems: string[] = [];
  for (const [kind, { sha256 }] of filesOf(report, pathOf('report', shard))) {
    const path = pathOf(kind, shard);
    const hash = await hashOf(join(folder, path)).catch(unlessMissing);
    if (hash !== sha256) problems.push(`${path}: expected SHA-256 ${sha256}, got ${hash ?? 'no file'}`);
  }
  const names: string[] = [];
  if (problems.length > 0) return { names, problems };
  const images = { id: folder, open: async () => undefined };
  const columns = { id: column, image: column, captions: () => ['none'] };
  for await (const { id } of parquet(directory(folder), [pathOf('metadata', shard)], { columns, images }))
    names.push(id);
  if (names.length !== rows) problems.push(`${pathOf('metadata', shard)}: expected ${rows} names, got ${names.length}`);
  return { names, problems };
}

async function others(folder: string, shards: number): Promise<readonly string[]> {
  const unknown: string[] = [];
  for (const kind of Object.keys(places) as Kind[]) {
    const known = new Set(Array.from({ length: shards }, (_, shard) => pathOf(kind, shard)));
    const [name] = places[kind];
    const listed = (await readdir(join(folder, name)).catch(unlessMissing)) ?? [];
    unknown.push(...listed.map((file) => `${name}/${file}`).filter((path) => !known.has(path)));
  }
  return unknown;
}

/** What workers that were killed have left of a shard. */
async function removePartials(folder: string, start: string): Promise<void> {
  const all = await readdir(join(folder, partialFolder));
  for (const name of all.filter((one) => one.startsWith(start)))
    await rm(join(folder, partialFolder, name), { force: true });
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return undefined;
}
