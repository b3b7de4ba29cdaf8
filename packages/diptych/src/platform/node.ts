import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { urlFiles } from '@diptych/checkpoint';
import { directory, hub } from '@diptych/checkpoint/node';
import { isHubName, type LocatedModel, namedByPath, type SourceOptions } from './source.ts';

export { decodeImage } from '@diptych/preprocessing/node';

/** A folder on disk where there is one, or a URL, or a model of the hub. */
export function locate(source: string | URL, { revision, onDownload }: SourceOptions): LocatedModel {
  const text = String(source);
  if (/^https?:/.test(text)) return namedByPath(urlFiles(text));
  if (text.startsWith('file:')) return namedByPath(directory(fileURLToPath(text)));
  if (!isHubName(text) || existsSync(text)) return namedByPath(directory(text));
  const files = hub(text, {
    ...(revision !== undefined && { revision }),
    ...(onDownload && { onProgress: onDownload }),
  });
  return { files, id: files.id };
}
