import { fileURLToPath } from 'node:url';
import { type ModelFiles, urlFiles } from '@diptych/checkpoint';
import { directory } from '@diptych/checkpoint/node';

export { decodeImage } from '@diptych/preprocessing/node';

/** A folder on disk, or a base URL. */
export function filesAt(source: string | URL): ModelFiles {
  const text = String(source);
  if (/^https?:/.test(text)) return urlFiles(text);
  return directory(text.startsWith('file:') ? fileURLToPath(text) : text);
}
