import { checkSignal, EmbeddingError, expectMembers, turn, usable } from '@diptych/core';
import { type Files, relativePath } from '@diptych/files';
import { openFile } from './files/open-file.ts';
import { readImage } from './files/read-image.ts';
import { invalid } from './invalid.ts';
import type { Sample } from './sample.ts';

export interface ReadOptions {
  /** Where the images are. Default: the files that the annotations are in. */
  readonly images?: Files;
  /**
   * Told of each sample that is left out because it cannot be used: a malformed row, an id for the second time, an
   * image that is missing. Without it the first one is thrown. A damaged file always is.
   */
  readonly onSkip?: (problem: EmbeddingError) => void;
  readonly signal?: AbortSignal;
}

/** What a format knows of a sample. */
export interface Draft extends Omit<Sample, 'image'> {
  /** A path among the images, or a way to the bytes. */
  readonly image: string | Sample['image'];
}

/** One record of a file. */
export interface Entry {
  /** File and line or row, for errors. */
  readonly where: string;
  /** Throws `EmbeddingError` when the record is malformed. */
  read(): Draft | Promise<Draft>;
}

/** Records after which others have their turn, since what lies in memory needs no wait: some ten milliseconds. */
const perTurn = 256;

/** A data set that can be read again and again. The ids of one pass are all that it holds. */
export function samplesOf(
  entries: () => AsyncIterable<Entry>,
  files: Files,
  options: ReadOptions,
): AsyncIterable<Sample> {
  expectMembers(files, 'data set: files', 'open');
  const { images = files, onSkip, signal } = expectMembers(options, 'data set: options');
  return {
    async *[Symbol.asyncIterator]() {
      const ids = new Set<string>();
      let read = 0;
      for await (const entry of entries()) {
        if (++read % perTurn === 0) await turn(signal);
        checkSignal(signal);
        for (const sample of await usable(sampleOf(entry, ids, images), onSkip)) {
          ids.add(sample.id);
          yield sample;
        }
      }
    },
  };
}

async function sampleOf(entry: Entry, ids: ReadonlySet<string>, files: Files): Promise<Sample> {
  const { where } = entry;
  const { image, ...rest } = await entry.read();
  if (rest.captions.length === 0) throw invalid(where, 'a caption', 'none');
  if (ids.has(rest.id)) throw invalid(where, 'an id of its own', `'${rest.id}' for the second time`);
  if (typeof image !== 'string') return { ...rest, image };
  const path = relativePath(image, where);
  if (files.has && !(await files.has(path))) {
    throw new EmbeddingError('NOT_FOUND', { where, expected: `the image '${path}' in ${files.id}`, got: 'none' });
  }
  return { ...rest, image: async (signal) => readWhole(files, path, signal) };
}

async function readWhole(files: Files, path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const file = await openFile(files, path, signal);
  return readImage(file, [0, file.size], signal);
}
