import {
  checkSignal,
  checkSize,
  configJson,
  configReader,
  type ConfigReader,
  EmbeddingError,
  expectFunction,
  expectMembers,
  parseJsonObject,
  readBeside,
} from '@diptych/core';
import type { ByteSource } from './byte-source.ts';
import type { Files } from './files.ts';

/** A model that is a package. */
export interface CodeFiles {
  /** Of the package, `@acme/model`. */
  readonly name: string;
  /** What `config.json` says; it is code, so that it is not fetched. */
  readonly config: object;
  /** Where the weights lie, `() => new URL('./model.safetensors', import.meta.url)`: bundlers look for exactly this form. */
  readonly weights: () => URL;
}

/**
 * How a package opens its `config.json` and the `model.safetensors` beside its code. The latter is read whole, since a bundler
 * may have put it into its address.
 *
 * @returns What throws `NOT_FOUND` where there is no such address, as in bundles of CommonJS, and `NETWORK` where nothing
 *   answers there.
 */
export function codeFiles(model: CodeFiles): Files['open'] {
  const { name, config, weights } = expectMembers(model, 'codeFiles', 'name', 'config', 'weights');
  expectFunction(weights, 'codeFiles: weights');
  return async (path, signal) => {
    const content = await contentOf(path);
    return content && memorySource(content, `${name}/${path}`);

    async function contentOf(asked: string): Promise<Uint8Array | undefined> {
      if (asked === 'config.json') return new TextEncoder().encode(JSON.stringify(config));
      if (asked === 'model.safetensors') return readBeside(addressOf(name, weights), signal);
      return undefined;
    }
  };
}

/** Parts of it are views: as a blob it would lie in another process of a browser, and each of its arrays come from there. */
function memorySource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (begin, end, signal) => {
      checkSignal(signal);
      return bytes.subarray(begin, end);
    },
  };
}

function addressOf(name: string, weights: () => URL): URL {
  try {
    return weights();
  } catch (cause) {
    throw new EmbeddingError(
      'NOT_FOUND',
      {
        where: `${name}: model.safetensors`,
        expected: 'import.meta.url, to find it beside this code',
        got: 'none, as in bundles of CommonJS',
        cure: `open({ ...model, open: files.open }), where files are those of ${name}/weights/`,
      },
      { cause },
    );
  }
}

/**
 * The `config.json` of a family of models, or `undefined` where there is none or its `model_type` is another's.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for what is no JSON object.
 */
export async function familyConfig(
  files: Files,
  modelType: string,
  signal?: AbortSignal,
): Promise<ConfigReader | undefined> {
  expectMembers(files, 'familyConfig: files', 'id', 'open');
  const file = await files.open('config.json', signal);
  if (!file) return undefined;
  const where = `${files.id}/config.json`;
  checkSize(file.size, where, configJson);
  const json = parseJsonObject(await file.read(0, file.size, signal), where);
  return json['model_type'] === modelType ? configReader(json, where) : undefined;
}
