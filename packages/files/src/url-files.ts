import { addressOf, EmbeddingError, expectMembers, type Patience } from '@diptych/core';
import type { Files } from './files.ts';
import { encodePath, relativePath } from './relative-path.ts';
import { openUrl, type UrlTarget } from './url-source.ts';

export interface UrlFilesOptions {
  /** Instead of the platform's. */
  readonly fetch?: UrlTarget['fetch'];
  /** Sent with every request. Where a redirect leads to another host, `fetch` drops `authorization` and only that. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the server may take. */
  readonly patience?: Patience;
}

/**
 * The files below a URL, read by HTTP ranges; whole where the server ignores ranges.
 *
 * Opening and reading reject with `NETWORK` for any status but 200, 206 and 404, for a body that is cut short, longer
 * than it may be or too slow, and for a file that changed between two reads; with `INPUT_INVALID` for a path that leaves the folder.
 *
 * @param base Folder of the files, with or without the last slash. Its query is dropped; its user and password are sent as a header.
 */
export function urlFiles(base: string | URL, options: UrlFilesOptions = {}): Files {
  expectMembers(options, 'urlFiles: options');
  const { fetch = globalThis.fetch, patience } = options;
  if (!URL.canParse(String(base))) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'urlFiles',
      expected: 'the URL of a folder',
      got: `'${String(base)}'`,
    });
  }
  const address = addressOf(base);
  const { origin, pathname } = new URL(address.url);
  const headers = { ...address.headers, ...options.headers };
  const id = `${origin}${pathname.replace(/\/$/, '')}`;
  return {
    id,
    async open(path, signal) {
      const url = `${id}/${encodePath(relativePath(path, id))}`;
      return openUrl({ url, fetch, headers, patience, limit: limitOf(path) }, signal);
    },
  };
}

/** Most bytes of a file that a server sends whole: it is held in memory. Of texts, COCO's captions have 144 MB. */
function limitOf(path: string): number {
  return /\.(json|txt|model|md)$/.test(path) ? 200e6 : 2 ** 32;
}
