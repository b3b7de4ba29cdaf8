import { EmbeddingError } from '@diptych/core';
import type { Files } from '@diptych/files';
import { directory } from '@diptych/files/node';
import { modelIdentity, type ModelIdentity } from '@diptych/fleet';
import type { EmbeddingSpace } from 'diptych';
import type { Io } from '../io.ts';
import { modelFolder } from '../model-folder.ts';
import { defaultModel, type ModelOptions } from '../model-options.ts';
import { openModel } from '../open-model.ts';
import { modelSource } from '../packages/model-source.ts';
import type { Progress } from '../progress.ts';
import { version } from '../version.ts';

/** The model of the options, and by what other machines know it. */
export async function openIdentified(
  options: ModelOptions,
  io: Io,
  progress: Progress,
): Promise<{ readonly space: EmbeddingSpace; readonly model: ModelIdentity }> {
  if (options.adapter !== undefined) {
    const expected = 'none: what workers compare is the files of one model';
    throw new EmbeddingError('UNSUPPORTED', { where: '--adapter', expected, got: options.adapter });
  }
  const paths: string[] = [];
  const space = await openModel(options, io, progress, { onFile: (path) => void paths.push(path) });
  try {
    const files = await filesOf(options, io.folder);
    return { space, model: await modelIdentity(space, { files, paths, version, signal: io.signal }) };
  } catch (error) {
    space.dispose();
    throw error;
  }
}

async function filesOf({ model = defaultModel, revision }: ModelOptions, folder: string): Promise<Files> {
  const source = await modelSource(model, { folder, revision });
  if (typeof source !== 'string') return source;
  const place = await modelFolder(source, revision);
  if (place !== undefined) return directory(place);
  const expected = 'a model that lies on this disk: a folder, a package, or org/name of the hub';
  throw new EmbeddingError('UNSUPPORTED', { where: model, expected, got: 'another place' });
}
