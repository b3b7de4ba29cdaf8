import { searchKernels } from '@diptych/backend-wasm/search';
import type { Precision } from '@diptych/core';
import { embedNamed } from '../embed-named.ts';
import { searchedFiles } from '../file-kinds.ts';
import { fileInputs } from '../inputs.ts';
import type { Io } from '../io.ts';
import type { ModelOptions } from '../model-options.ts';
import { openModel } from '../open-model.ts';
import type { Progress } from '../progress.ts';
import type { failureReport } from '../report.ts';
import type { Space } from '../space.ts';
import { applyChanges, type Change } from './apply-changes.ts';
import type { ImageIndex } from './image-index.ts';
import { indexFolder } from './index-folder.ts';
import { type Listed, listImages } from './list-images.ts';
import { openImageIndex } from './open-image-index.ts';
import { RenamedRows } from './renamed-rows.ts';
import { updateIndex } from './update-index.ts';

export interface OpenSearchOptions extends ModelOptions {
  readonly images?: readonly string[];
  /** Instead of images. */
  readonly sounds?: readonly string[];
  readonly index?: string;
  readonly null?: boolean;
  readonly precision: Precision;
  readonly batchSize: number;
}

/** A model, and the index of files that it made. */
export interface ImageSearch extends AsyncDisposable {
  readonly space: Space;
  readonly index: ImageIndex;
  /** By their keys in the index; as they were when `update` was last called. */
  readonly listed: ReadonlyMap<string, Listed>;
  /** Embeds what is new or changed, and forgets what is gone. */
  update(): Promise<void>;
  /** Takes over what happened to these files; `listed` stays as it was. */
  apply(paths: readonly string[]): AsyncGenerator<Change>;
}

/**
 * Opens the model and the index of the files that the options name, which has yet to be brought up to date.
 *
 * @param beforeIndex Called with the model before an index is made: what is wrong with a query ends it without one.
 */
export async function openSearch(
  options: OpenSearchOptions,
  io: Io,
  progress: Progress,
  onFailure: ReturnType<typeof failureReport>['onFailure'],
  beforeIndex: (space: Space) => Promise<void> = async () => {},
): Promise<ImageSearch> {
  const { precision, batchSize } = options;
  const { kind, operands } = searchedFiles(options);
  const { signal } = io;
  const space: Space = await openModel(options, io, progress);
  try {
    await beforeIndex(space);
    const folder = await indexFolder(options.index, { kind, operand: operands[0]! }, space.id);
    const list = async () =>
      listImages(fileInputs(kind, operands, io, { null: options.null, onFailure }), folder, onFailure);
    let listed = await list();
    const probe = await space.embed(kind.modality, [kind.probe()], { signal });
    const kernels = space.similarityFunction === 'cosine' ? await searchKernels() : undefined;
    const index = await openImageIndex(folder, { precision, probe }, kernels?.int8);
    const note = (what: string) => void (options.quiet || progress.note(`diptych: ${folder}: ${what}`));
    if (index.dropped > 0) note(`dropped a torn end of ${index.dropped} bytes`);
    if (index.damaged > 0) note(`left out ${index.damaged} damaged bytes, whose ${kind.plural} are embedded again`);
    const embed = (paths: Iterable<string>) =>
      embedNamed(space, paths, { modality: kind.modality, precision, batchSize, signal, onFailure });
    let isFresh = true;
    let renamed: RenamedRows | undefined;
    return {
      space,
      index,
      get listed() {
        return listed;
      },
      async update() {
        if (!isFresh) listed = await list();
        isFresh = false;
        await updateIndex(index, folder, listed, embed, progress);
      },
      apply(paths) {
        renamed ??= new RenamedRows(index, listed.values());
        return applyChanges(paths, { index, folder, embed, onFailure, renamed });
      },
      async [Symbol.asyncDispose]() {
        await index[Symbol.asyncDispose]();
        space.dispose();
      },
    };
  } catch (error) {
    space.dispose();
    throw error;
  }
}
