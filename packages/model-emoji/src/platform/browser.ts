import { EmbeddingError } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';

/** Beside `src` and `dist` alike. Bundlers look for exactly this form of expression and bring the files along. */
const addressOf = (path: string): URL | undefined => {
  if (path === 'config.json') return new URL('../../weights/config.json', import.meta.url);
  if (path === 'model.safetensors') return new URL('../../weights/model.safetensors', import.meta.url);
  return undefined;
};

/** Read whole: a bundler may have put a small file into its address. */
export const weightFiles: Files['open'] = async (path, signal) => {
  const url = addressOf(path);
  if (!url) return undefined;
  const response = await fetch(url, { ...(signal && { signal }) });
  if (!response.ok)
    throw new EmbeddingError('NETWORK', { where: url.href, expected: 'status 200', got: response.status });
  return blobFiles({ [path]: await response.blob() }, 'emoji').open(path);
};
