import { browserCache } from './browser-cache.ts';
import { hubFiles, type HubFiles, type HubOptions } from './hub-files.ts';

/**
 * A model of the Hugging Face hub, kept in the browser's Cache API. In Node take `hub` of `@diptych/files/node`.
 *
 * A revision that is in the cache is used when the hub cannot be reached; a commit is then not even asked for. A
 * download that broke off is continued; one that was aborted, or whose page was closed, begins anew. A file that the browser
 * has no room for is used and not kept.
 *
 * Opening rejects with `NOT_FOUND` for a model, revision or token that the hub refuses and for a model that is not in
 * the cache when offline; with `NETWORK` when the hub fails or sends something else than it lists; with `UNSUPPORTED`
 * where there is no Cache API.
 *
 * @param name `org/name`.
 * @throws {EmbeddingError} `INPUT_INVALID` for an impossible name, revision or token.
 */
export function hub(name: string, options: HubOptions = {}): HubFiles {
  return hubFiles(name, browserCache(), options);
}
