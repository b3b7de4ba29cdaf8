import { EmbeddingError, expectMembers } from '@diptych/core';
import { snapshotFolder } from './disk-layout.ts';
import { hub, withEnvironment, type NodeHubOptions } from './node-hub.ts';

export interface DownloadOptions extends NodeHubOptions {
  /** Which files, by path. */
  readonly files: (path: string) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Downloads files of a model into the cache; what is there is not downloaded again.
 *
 * @returns The folder that holds it.
 * @throws {EmbeddingError} As `hub` does, and `NOT_FOUND` when the model has none of the files.
 */
export async function downloadModel(name: string, options: DownloadOptions): Promise<string> {
  expectMembers(options, 'downloadModel: options', 'files');
  const { files: wanted, signal, ...rest } = withEnvironment(options);
  const model = hub(name, rest);
  const { commit, files } = await model.list(signal);
  const paths = [...files.keys()];
  const chosen = paths.filter(wanted);
  if (chosen.length === 0)
    throw new EmbeddingError('NOT_FOUND', { where: model.id, expected: 'files', got: `none of ${paths.length}` });
  for (const path of chosen) await model.open(path, signal);
  return snapshotFolder(rest.cacheFolder, name, commit);
}
