import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { urlFiles } from '@diptych/files';
import { directory, hub } from '@diptych/files/node';
import {
  hubOptions,
  isHubName,
  type LocatedModel,
  namedByPath,
  refuseHub,
  type SourceOptions,
} from '../platform/source.ts';

export { isFar, loadImage, readSound } from '@diptych/preprocessing/node';

/** A folder on disk where there is one, or a URL, or a model of the hub. */
export function locate(source: string | URL, options: SourceOptions): LocatedModel {
  const text = String(source);
  if (!isHubName(text) || existsSync(text)) {
    refuseHub(text, options);
    if (/^https?:/.test(text)) return namedByPath(urlFiles(text));
    return folder(text.startsWith('file:') ? fileURLToPath(text) : text);
  }
  const files = hub(text, hubOptions(options));
  return { files, id: files.id };
}

/** Called after its name, which `.` has too. */
function folder(path: string): LocatedModel {
  return { files: directory(path), id: basename(resolve(path)) || path };
}
