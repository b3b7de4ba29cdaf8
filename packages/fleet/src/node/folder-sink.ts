import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expectText } from '@diptych/core';
import { syncFolder } from '@diptych/core/node';
import { directory, onDisk } from '@diptych/files/node';
import {
  filesOf,
  folderOf,
  hashOf,
  kinds,
  namesIn,
  partialFolder,
  pathOf,
  unknownOf,
  writeShard,
} from './clip-layout.ts';
import { type NamedRows, read, reportMembers, type ShardReport } from './job.ts';
import type { Finished, Sink } from './sink.ts';

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
    for (const name of [partialFolder, ...kinds.map(folderOf)]) await mkdir(join(folder, name), { recursive: true });
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
  for (const kind of ['npy', 'metadata'] as const) await syncFolder(join(folder, folderOf(kind)));
  await removePartials(folder, `${shard}-`);
  return report;
}

async function put(
  folder: string,
  stem: string,
  rows: AsyncIterable<NamedRows>,
  finished: () => Finished,
): Promise<ShardReport> {
  const at = (name: string) => join(folder, partialFolder, name);
  const report = await writeShard(stem, { rows, finished, at });
  await writeSynced(at(`${stem}.json`), JSON.stringify(report));
  await syncFolder(join(folder, partialFolder));
  await link(at(`${stem}.json`), join(folder, pathOf('report', report.shard))).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // Somebody was first.
  });
  await syncFolder(join(folder, folderOf('report')));
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
  if (problems.length > 0) return { names: [], problems };
  const names = await namesIn(directory(folder), shard);
  if (names.length !== rows) problems.push(`${pathOf('metadata', shard)}: expected ${rows} names, got ${names.length}`);
  return { names, problems };
}

async function others(folder: string, shards: number): Promise<readonly string[]> {
  const unknown: string[] = [];
  for (const kind of kinds) {
    const name = folderOf(kind);
    const listed = (await readdir(join(folder, name)).catch(unlessMissing)) ?? [];
    unknown.push(
      ...unknownOf(
        kind,
        shards,
        listed.map((file) => `${name}/${file}`),
      ),
    );
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

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return undefined;
}
