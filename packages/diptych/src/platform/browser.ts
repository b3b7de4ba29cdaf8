import { type ModelFiles, urlFiles } from '@diptych/checkpoint';

export { decodeImage } from '@diptych/preprocessing';

/** A base URL, relative to the page. */
export function filesAt(source: string | URL): ModelFiles {
  return urlFiles(new URL(source, globalThis.location?.href));
}
