import { hub, urlFiles } from '@diptych/files';
import { isHubName, type LocatedModel, namedByPath, refuseRevision, type SourceOptions } from './source.ts';

export { loadImage } from '@diptych/preprocessing/image';

/** A model of the hub for `org/name`, else a URL relative to the page: `./org/name` is one. */
export function locate(source: string | URL, { revision, onDownload }: SourceOptions): LocatedModel {
  if (typeof source !== 'string' || !isHubName(source)) {
    refuseRevision(String(source), revision);
    return namedByPath(urlFiles(new URL(source, globalThis.location?.href)));
  }
  const files = hub(source, {
    ...(revision !== undefined && { revision }),
    ...(onDownload && { onProgress: onDownload }),
  });
  return { files, id: files.id };
}
