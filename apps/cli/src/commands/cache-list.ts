import type { CachedModel } from '@diptych/files/node';
import type { Command } from 'commander';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat, type Format, formatOption } from '../output/format.ts';
import { formatBytes } from '../output/format-bytes.ts';

export function defineCacheList(command: Command, io: Io): void {
  command
    .summary('every revision of every model, with its size')
    .description('Every revision of every model in the cache. Sizes count what revisions share in each of them.')
    .addOption(formatOption())
    .action(({ format = defaultFormat(io.stdout) }: { format?: Format }) => list(format, io));
}

async function list(format: Format, io: Io): Promise<void> {
  const { hubEnvironment, listCache } = await import('@diptych/files/node');
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
