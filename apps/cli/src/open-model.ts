import type { EmbeddingSpace } from 'diptych';
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
      signal,
      onDownload: download.onDownload,
      onProgress: (done, total) => loading.update(done, total),
    });
  } finally {
    download.stop();
    loading.stop();
  }
  const warning = quiet ? undefined : await licenceWarning(model, { revision, signal });
  if (warning !== undefined) progress.note(warning);
  return space;
}
