import { existsSync } from 'node:fs';
import { EmbeddingError } from '@diptych/core';
import type { EmbeddingSpace, OpenOptions } from 'diptych';
import { downloadBar } from './download-bar.ts';
import { licenceWarning } from './licence-warning.ts';
import { loadArchitectures } from './load-architectures.ts';
import type { ModelOptions } from './model-options.ts';
import type { Progress } from './progress.ts';

/**
 * The model that the options name, downloaded where it is one of the hub; with a warning where its licence calls for
 * one. TensorFlow.js is loaded here, and not before.
 */
export async function openModel(
  { model, architecture = [], revision, dtype, backend, quiet }: ModelOptions,
  signal: AbortSignal,
  progress: Progress,
  { onPacked, onFile }: Pick<OpenOptions, 'onPacked' | 'onFile'> = {},
): Promise<EmbeddingSpace> {
  const { architectures, open } = await import('diptych');
  const others = (await Promise.all(architecture.map(loadArchitectures))).flat();
  const loading = progress.start('loading');
  const download = downloadBar(progress);
  let space: EmbeddingSpace;
  try {
    space = await open(model, {
      architectures: [...others, ...architectures],
      backend,
      revision,
      dtype,
      onPacked,
      onFile,
      signal,
      onDownload: download.onDownload,
      onProgress: (done, total) => loading.update(done, total),
    });
  } catch (error) {
    throw nearMiss(error, model);
  } finally {
    download.stop();
    loading.stop();
  }
  const warning = quiet ? undefined : await licenceWarning(model, { revision, signal });
  if (warning !== undefined) progress.note(warning);
  return space;
}

/** A mistyped path with one slash is looked for on the hub, whose refusal alone would lead astray. */
function nearMiss(error: unknown, model: string): unknown {
  if (!(error instanceof EmbeddingError) || !/^[^./][^/:]*\/[^/]+$/.test(model) || existsSync(model)) return error;
  if (error.code !== 'NOT_FOUND' && error.code !== 'NETWORK') return error;
  return new EmbeddingError(error.code, `${error.message}; nor is there a folder '${model}'`, { cause: error });
}
