import { pathToFileURL } from 'node:url';
import { basename, resolve } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import type { Architecture, EmbeddingSpace } from 'diptych';
import type { ModelOptions } from './model-options.ts';
import type { Progress } from './progress.ts';

/** The model that the options name. TensorFlow.js is loaded here, and not before. */
export async function openModel(
  { model, architecture = [], backend }: ModelOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<EmbeddingSpace> {
  const { architectures, open } = await import('diptych');
  const others = (await Promise.all(architecture.map(loadArchitectures))).flat();
  const bar = progress.start('loading');
  try {
    return await open(model, {
      architectures: [...others, ...architectures],
      backend,
      id: modelId(model),
      signal,
      onProgress: (done, total) => bar.update(done, total),
    });
  } finally {
    bar.stop();
  }
}

/** A folder may move; a URL may not. */
function modelId(model: string): string {
  return /^https?:/.test(model) ? model : basename(resolve(model));
}

async function loadArchitectures(file: string): Promise<Architecture[]> {
  const exports = await importModule(file);
  const found = Object.values(exports).filter(isArchitecture);
  if (found.length > 0) return found;
  const names = Object.keys(exports).join(', ') || 'none';
  throw new EmbeddingError(
    'INPUT_INVALID',
    `${file}: expected an export with a name and a method open, got exports: ${names}`,
  );
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('INPUT_INVALID', `${file}: cannot be imported: ${why}`, { cause });
  }
}

function isArchitecture(value: unknown): value is Architecture {
  const { name, open } = (value ?? {}) as Partial<Architecture>;
  return typeof name === 'string' && typeof open === 'function';
}
