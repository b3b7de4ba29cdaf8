import { EmbeddingError } from '@diptych/core';
import type { Command } from 'commander';
import { downloadBar } from '../download-bar.ts';
import { type Io, write } from '../io.ts';
import { revisionOption } from '../model-options.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';

interface DownloadOptions {
  readonly revision?: string;
  readonly quiet?: boolean;
}

export function defineDownload(command: Command, io: Io, done: (failures: number) => void): void {
  command
    .summary('fetch a model of the Hugging Face hub')
    .description(
      'Downloads a model of the Hugging Face hub into its cache, and prints the folder. What is there is not ' +
        'downloaded again, and an interrupted download goes on where it stopped.',
    )
    .argument('<model>', 'org/name')
    .argument('[files...]', 'files of the model (default: what describes it, and its weights in one format)')
    .addOption(revisionOption())
    .option('--quiet', 'no progress bar')
    .action(async (model: string, files: readonly string[], options: DownloadOptions) =>
      done(await download(model, files, options, io)),
    );
}

/** @returns How many files the model does not have. */
async function download(
  model: string,
  files: readonly string[],
  { revision, quiet }: DownloadOptions,
  io: Io,
): Promise<number> {
  const { downloadModel } = await import('@diptych/checkpoint/node');
  const progress = terminalProgress(io, quiet);
  const { onFailure, failures } = failureReport(progress);
  const bar = downloadBar(progress);
  const missing = new Set(files);
  const isWanted = (path: string) => missing.delete(path);
  let folder: string;
  try {
    const { signal } = io;
    const wanted = files.length > 0 ? isWanted : undefined;
    folder = await downloadModel(model, { revision, files: wanted, signal, onProgress: bar.onDownload });
  } finally {
    bar.stop();
  }
  await write(io.stdout, `${folder}\n`);
  for (const file of missing)
    onFailure(file, new EmbeddingError('NOT_FOUND', `expected a file of ${model}, found none`));
  return failures();
}
