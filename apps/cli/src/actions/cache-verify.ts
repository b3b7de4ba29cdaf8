import { EmbeddingError } from '@diptych/core';
import { type CheckedFile, listCache, verifyCache } from '@diptych/files/node';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat } from '../output/format.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';
import type { CacheVerifyOptions } from '../commands/cache-verify.ts';

/** @returns How many files are damaged, and stay so. */
export async function cacheVerify(model: string | undefined, options: CacheVerifyOptions, io: Io): Promise<number> {
  const { format = defaultFormat(io.stdout), quiet, repair = false } = options;
  const models = (await listCache()).filter(({ name }) => model === undefined || name === model);
  if (model !== undefined && models.length === 0) {
    throw new EmbeddingError('NOT_FOUND', { where: model, expected: 'it in the cache', got: 'nothing' });
  }
  const progress = terminalProgress(io, quiet);
  const { onFailure, failures } = failureReport(progress);
  const total = models.reduce((sum, { size }) => sum + size, 0);
  const bar = progress.start('verifying', { total, unit: 'bytes' });
  const checked: CheckedFile[] = [];
  try {
    let bytes = 0;
    for await (const file of verifyCache({ model, repair, signal: io.signal })) {
      checked.push(file);
      if (file.problem !== undefined && !file.repaired)
        onFailure(file.path, new Error(`${nameOf(file)}: ${file.problem}`));
      if (format === 'jsonl') {
        progress.makeWay();
        await write(io.stdout, `${JSON.stringify(file)}\n`);
      }
      bar.update((bytes += file.size));
    }
  } finally {
    bar.stop();
  }
  const names = models.map(({ name }) => name);
  if (format === 'table' && names.length > 0) await write(io.stdout, table(names, checked));
  return failures();
}

/** What the model calls a content; a file of its first revision that has it. */
function nameOf({ model, files }: CheckedFile): string {
  return [model, ...files.slice(0, 1)].join('/');
}

function table(names: readonly string[], checked: readonly CheckedFile[]): string {
  const rows = names.map((name) => {
    const files = checked.filter(({ model }) => model === name);
    const repaired = files.filter((file) => file.repaired).length;
    const damaged = files.filter(({ problem }) => problem !== undefined).length - repaired;
    const verdict = [...(damaged > 0 ? [`${damaged} damaged`] : []), ...(repaired > 0 ? [`${repaired} repaired`] : [])];
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    return [name, `${files.length}`, formatBytes(bytes), verdict.join(', ') || 'all right'];
  });
  return columns('lrrl', [['model', 'files', 'size', 'verdict'], ...rows]);
}
