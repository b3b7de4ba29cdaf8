import { EmbeddingError } from '@diptych/core';
import type { Command } from 'commander';
import { type DownloadBar, downloadBar } from '../download-bar.ts';
import { type Io, write } from '../io.ts';
import { loadArchitectures } from '../load-architectures.ts';
import { modelFolder } from '../model-folder.ts';
import { repeatable, revisionOption } from '../model-options.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';

interface DownloadOptions {
  readonly revision?: string;
  readonly architecture?: readonly string[];
  readonly quiet?: boolean;
}

export function defineDownload(command: Command, io: Io, done: (failures: number) => void): void {
  command
    .summary('fetch a model of the Hugging Face hub')
    .description(
      'Downloads a model of the Hugging Face hub into its cache, and prints the folder. What is there is not ' +
        'downloaded again, and an interrupted download goes on where it stopped. A model that would not open is refused ' +
        'before its weights are fetched.',
    )
    .argument('<model>', 'org/name')
    .argument('[files...]', 'files of the model (default: those that opening it reads, and its card)')
    .addOption(revisionOption())
    .addOption(repeatable('--architecture <file>', 'ES module that exports architectures of other models'))
    .option('--quiet', 'no progress bar')
    .action(async (model: string, files: readonly string[], options: DownloadOptions) =>
      done(await download(model, files, options, io)),
    );
}

/** @returns How many files the model does not have. */
async function download(model: string, files: readonly string[], options: DownloadOptions, io: Io): Promise<number> {
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  const bar = downloadBar(progress);
  const missing = new Set(files);
  const fetched = { ...options, signal: io.signal, onDownload: bar.onDownload };
  let folder: string;
  try {
    folder = await (files.length > 0 ? fetchNamed(model, missing, fetched) : fetchModel(model, fetched));
  } finally {
    bar.stop();
  }
  await write(io.stdout, `${folder}\n`);
  for (const file of missing)
    onFailure(file, new EmbeddingError('NOT_FOUND', `expected a file of ${model}, found none`));
  return failures();
}

interface FetchOptions extends DownloadOptions {
  readonly signal: AbortSignal;
  readonly onDownload: DownloadBar['onDownload'];
}

/** Takes what it fetches from `names`. */
async function fetchNamed(model: string, names: Set<string>, options: FetchOptions): Promise<string> {
  const { downloadModel } = await import('@diptych/files/node');
  const { revision, signal, onDownload: onProgress } = options;
  return downloadModel(model, { revision, files: (path) => names.delete(path), signal, onProgress });
}

/** What opening the model reads, and its card, by which every command looks for its licence. */
async function fetchModel(model: string, options: FetchOptions): Promise<string> {
  const { architectures, download: fetchFiles, modelLicence } = await import('diptych');
  const { hub } = await import('@diptych/files/node');
  const { revision, signal, onDownload, architecture = [] } = options;
  const others = (await Promise.all(architecture.map(loadArchitectures))).flat();
  const source = hub(model, { ...(revision !== undefined && { revision }), onProgress: onDownload });
  await fetchFiles(source, { architectures: [...others, ...architectures], signal });
  await modelLicence(source, { signal });
  return (await modelFolder(model, revision))!;
}
