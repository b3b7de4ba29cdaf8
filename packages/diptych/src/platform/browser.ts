import { hub, urlFiles } from '@diptych/files';
import { hubOptions, isHubName, type LocatedModel, namedByPath, refuseHub, type SourceOptions } from './source.ts';

export { readSound } from '@diptych/preprocessing/audio';
export { isFar, loadImage } from '@diptych/preprocessing/image';

/** A model of the hub for `org/name`, else a URL relative to the page: `./org/name` is one. */
export function locate(source: string | URL, options: SourceOptions): LocatedModel {
  if (typeof source !== 'string' || !isHubName(source)) {
    refuseHub(String(source), options);
    return namedByPath(urlFiles(new URL(source, globalThis.location?.href)));
  }
  const files = hub(source, hubOptions(options));
  return { files, id: files.id };
}
