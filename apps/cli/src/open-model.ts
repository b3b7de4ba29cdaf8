import { existsSync } from 'node:fs';
import { EmbeddingError } from '@diptych/core';
import type { EmbeddingSpace, OpenOptions, TextAndImage } from 'diptych';
import { downloadBar } from './download-bar.ts';
import type { Io } from './io.ts';
import { defaultModel, type ModelOptions } from './model-options.ts';
import { loadArchitectures } from './packages/load-architectures.ts';
import { modelSource } from './packages/model-source.ts';
import type { Progress } from './progress.ts';
import { oneLine } from './output/one-line.ts';
import { warningsAbove } from './warnings-above.ts';

/**
 * The model that the options name, downloaded where it is one of the hub, or the default one; with a note where that is
 * taken, and a warning where a licence calls for one. TensorFlow.js is loaded here, and not before.
 */
export function openModel<Items = TextAndImage>(
  options: ModelOptions,
  io: Pick<Io, 'signal' | 'folder'>,
  progress: Progress,
  told?: Pick<OpenOptions, 'onPacked' | 'onFile'>,
): Promise<EmbeddingSpace<Items>>;
export async function openModel(
  options: ModelOptions,
  { signal, folder }: Pick<Io, 'signal' | 'folder'>,
  progress: Progress,
  { onPacked, onFile }: Pick<OpenOptions, 'onPacked' | 'onFile'> = {},
): Promise<EmbeddingSpace<unknown>> {
  const { model = defaultModel, adapter, architecture, revision, dtype, mergeTokens, backend, quiet } = options;
  const { architectures, open } = await import('diptych');
  const given = await loadArchitectures(architecture, folder);
  const source = await modelSource(model, { folder, revision });
  if (options.model === undefined && !quiet) progress.note(defaultNote);
  const loading = progress.start('loading');
  const download = downloadBar(progress);
  const warnings: string[] = [];
  let space: EmbeddingSpace<unknown>;
  try {
    const settings: OpenOptions<unknown> = {
      architectures: [...given, ...(typeof source === 'string' ? architectures : [source.architecture])],
      backend,
      revision,
      adapter,
      dtype,
      mergeTokens,
      onPacked,
      onFile,
      signal,
      onDownload: download.onDownload,
      onProgress: (done, total) => loading.update(done, total),
      onWarning: (warning) => void warnings.push(warning),
    };
    space = await warningsAbove(progress, async () => open(source, settings));
  } catch (error) {
    throw nearMiss(error, model);
  } finally {
    download.stop();
    loading.stop();
  }
  if (!quiet) for (const warning of warnings) progress.note(oneLine(`diptych: ${warning}`));
  return space;
}

const defaultNote =
  `diptych: no --model: taking ${defaultModel}, which knows emoji, icons and short phrases; ` +
  'for photos take another, as --model laion/CLIP-ViT-B-32-laion2B-s34B-b79K';

/** A mistyped path with one slash is looked for on the hub, whose refusal alone would lead astray. */
function nearMiss(error: unknown, model: string): unknown {
  if (!(error instanceof EmbeddingError) || !/^[^./@][^/:]*\/[^/]+$/.test(model) || existsSync(model)) return error;
  if (error.code !== 'NOT_FOUND' && error.code !== 'NETWORK') return error;
  const nor = `nor is there a folder '${model}'`;
  const { code, where, expected, got, cure } = error;
  return new EmbeddingError(
    code,
    { where, expected, got, cure: cure === undefined ? nor : `${cure}; ${nor}` },
    { cause: error },
  );
}
