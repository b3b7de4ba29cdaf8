import { hub, urlFiles } from '@diptych/files';
import { hubOptions, isHubName, type LocatedModel, namedByPath, refuseHub, type SourceOptions } from './source.ts';

export { loadImage } from '@diptych/preprocessing/image';

/** Whether an image is read over a network: what names one in a page is an address, relative or not. */
export function isFar(image: unknown): boolean {
  return (typeof image === 'string' || image instanceof URL) && !/^(data|blob):/i.test(String(image));
}

/** A model of the hub for `org/name`, else a URL relative to the page: `./org/name` is one. */
export function locate(source: string | URL, options: SourceOptions): LocatedModel {
  if (typeof source !== 'string' || !isHubName(source)) {
    refuseHub(String(source), options);
    return namedByPath(urlFiles(new URL(source, globalThis.location?.href)));
  }
  const files = hub(source, hubOptions(options));
  return { files, id: files.id };
}
