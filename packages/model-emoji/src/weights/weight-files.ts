import { EmbeddingError, readBeside } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { modelType } from '../config.ts';
import { config } from './config.ts';

/** The configuration, which is code, and the weights, which lie beside it. */
export const weightFiles: Files['open'] = async (path, signal) => {
  const content = await contents[path]?.(signal);
  return content && blobFiles({ [path]: content }, 'emoji').open(path);
};

const contents: Readonly<Record<string, (signal?: AbortSignal) => Blob | Promise<Blob>>> = {
  'config.json': () => new Blob([JSON.stringify({ model_type: modelType, ...config })]),
  'model.safetensors': readWeights,
};

/** Read whole: a bundler may have put them into their address. */
async function readWeights(signal?: AbortSignal): Promise<Blob> {
  return new Blob([await readBeside(addressOfWeights(), signal)]);
}

function addressOfWeights(): URL {
  try {
    // Bundlers look for exactly this form of expression, and bring the file along.
    return new URL('./model.safetensors', import.meta.url);
  } catch (cause) {
    const problem = {
      where: 'emoji/model.safetensors',
      expected: 'import.meta.url, to find it beside this code',
      got: 'none, as in bundles of CommonJS',
      cure: 'open({ ...emoji, open: files.open }), where files are those of @diptych/model-emoji/weights/',
    };
    throw new EmbeddingError('NOT_FOUND', problem, { cause });
  }
}
