import { type CachedModel, hubEnvironment, listCache } from '@diptych/files/node';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import type { Format } from '../output/format.ts';
import { formatBytes } from '../output/format-bytes.ts';

export async function cacheList(format: Format, io: Io): Promise<void> {
  const { cacheFolder } = hubEnvironment(process.env);
  const models = await listCache(cacheFolder);
  await write(io.stdout, format === 'table' ? table(models, cacheFolder) : jsonLines(models));
}

function table(models: readonly CachedModel[], cacheFolder: string): string {
  const rows = models.flatMap(({ name, revisions }) =>
    revisions.map(({ commit, size, refs }) => [name, commit.slice(0, 12), formatBytes(size), refs.join(' ')]),
  );
  const bytes = models.reduce((sum, { size }) => sum + size, 0);
  const total = `${formatBytes(bytes)} in ${cacheFolder}\n`;
  return rows.length === 0 ? total : `${columns('llrl', [['model', 'revision', 'size', 'refs'], ...rows])}${total}`;
}

function jsonLines(models: readonly CachedModel[]): string {
  const lines = models.flatMap(({ name, revisions }) =>
    revisions.map(({ commit, size, refs, path, files }) =>
      JSON.stringify({ model: name, revision: commit, size, refs, path, files }),
    ),
  );
  return lines.map((line) => `${line}\n`).join('');
}
