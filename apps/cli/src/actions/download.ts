import { EmbeddingError } from '@diptych/core';
import { type DownloadBar, downloadBar } from '../download-bar.ts';
import { type Io, write } from '../io.ts';
import { modelFolder } from '../model-folder.ts';
import { loadArchitectures } from '../packages/load-architectures.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';
import type { DownloadOptions } from '../commands/download.ts';

/** @returns How many files the model does not have. */
export async function download(
  model: string,
  files: readonly string[],
  options: DownloadOptions,
  io: Io,
): Promise<number> {
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  const bar = downloadBar(progress);
  const missing = new Set(files);
  const fetched = { ...options, signal: io.signal, folder: io.folder, onDownload: bar.onDownload };
  let folder: string;
  try {
    folder = await (files.length > 0 ? fetchNamed(model, missing, fetched) : fetchModel(model, fetched));
  } finally {
    bar.stop();
  }
  await write(io.stdout, `${folder}\n`);
  for (const file of missing)
    onFailure(file, new EmbeddingError('NOT_FOUND', { where: file, expected: `a file of ${model}`, got: 'none' }));
  return failures();
}

interface FetchOptions extends DownloadOptions {
  readonly signal: AbortSignal;
  /** The user's. */
  readonly folder: string;
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
  const { revision, signal, onDownload, architecture, folder } = options;
  const given = await loadArchitectures(architecture, folder);
  const source = hub(model, { ...(revision !== undefined && { revision }), onProgress: onDownload });
  await fetchFiles(source, { architectures: [...given, ...architectures], signal });
  await modelLicence(source, { signal });
  return (await modelFolder(model, revision))!;
}
