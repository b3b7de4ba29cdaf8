import { EmbeddingError } from '@diptych/core';
import type { ModelFiles } from './model-files.ts';
import { isRelativePath } from './relative-path.ts';
import { openUrl } from './url-source.ts';

export interface UrlFilesOptions {
  /** Instead of the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Sent with every request. Where a redirect leads to another host, `fetch` drops `authorization` and only that. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The files below a URL, read by HTTP ranges; whole where the server ignores ranges.
 *
 * Opening and reading reject with `NETWORK` for any status but 200, 206 and 404, for a body that is cut short and for a
 * file that changed between two reads; with `INPUT_INVALID` for a path that leaves the folder.
 *
 * @param base Folder of the files, with or without the last slash. Its query is dropped.
 */
export function urlFiles(base: string | URL, options: UrlFilesOptions = {}): ModelFiles {
  const { fetch = globalThis.fetch, headers = {} } = options;
  if (!URL.canParse(String(base))) {
    throw new EmbeddingError('INPUT_INVALID', `expected the URL of a folder, got '${base}'`);
  }
  const { origin, pathname } = new URL(base);
  const id = `${origin}${pathname.replace(/\/$/, '')}`;
  return {
    id,
    async open(path, signal) {
      if (!isRelativePath(path)) {
        throw new EmbeddingError('INPUT_INVALID', `${id}: expected a path inside, got '${path}'`);
      }
      const url = `${id}/${path.split('/').map(encodeURIComponent).join('/')}`;
      return openUrl({ url, get: async (init) => fetch(url, init), headers }, signal);
    },
  };
}
