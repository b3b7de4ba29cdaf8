import { type AlignedFile, alignFile } from '@diptych/training/node';
import { open } from 'diptych';
import type { AlignOptions } from '../commands/align.ts';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat } from '../output/format.ts';
import { taskBar, terminalProgress } from '../progress.ts';

/** Aligns two views as a file says and prints what was found. */
export async function align(config: string, options: AlignOptions, io: Io): Promise<void> {
  const { output, featureCache, quiet, format = defaultFormat(io.stdout) } = options;
  const progress = terminalProgress(io, quiet);
  const bar = taskBar(progress);
  const onProgress = (done: number, total: number) => bar.update('reading', done, total);
  const settings = { output, open, featureCache, signal: io.signal, onProgress };
  const { facts, warnings } = await alignFile(config, settings).finally(bar.stop);
  if (!quiet) for (const { message } of warnings) progress.note(`diptych: ${message}`);
  await write(io.stdout, format === 'table' ? table(facts) : `${JSON.stringify(facts)}\n`);
}

function table({ correlations, ...others }: AlignedFile['facts']): string {
  const first = correlations.slice(0, 3).map((value) => value.toFixed(4));
  const shown: Readonly<Record<string, unknown>> = { ...others, 'first correlations': first.join(' ') };
  return columns(
    'lr',
    Object.entries(shown).map(([name, value]) => [name, String(value)]),
  );
}
