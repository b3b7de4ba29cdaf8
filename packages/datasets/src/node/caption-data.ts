import { basename, dirname, extname } from 'node:path';
import { EmbeddingError, expectMembers, expectText } from '@diptych/core';
import { directory } from '@diptych/files/node';
import { csv } from '../formats/csv.ts';
import { jsonLines } from '../formats/json-lines.ts';
import { karpathy } from '../formats/karpathy.ts';
import { inSplit } from '../order/in-split.ts';
import type { Sample } from '../sample.ts';

export interface CaptionDataOptions {
  /** Folder that paths of images start at. Default: that of the file. */
  readonly images?: string | undefined;
  /** Only samples of this split. */
  readonly split?: string | undefined;
  /** Refuses data whose images are missing; default true. Otherwise it shows when one is read. */
  readonly checkImages?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const readers = {
  '.jsonl': jsonLines,
  '.json': karpathy,
  '.csv': csv,
  '.tsv': (...[files, path, options]: Parameters<typeof csv>) => csv(files, path, { ...options, separator: '\t' }),
} as const;

/**
 * Captioned images that a file lists: JSON Lines, CSV or TSV with `image` and `captions`, or Karpathy's JSON.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` where the file is called otherwise; `INPUT_INVALID` where it has no samples.
 */
export async function captionData(file: string, options: CaptionDataOptions): Promise<Sample[]> {
  expectText(file, 'captionData');
  const { images, split, checkImages = true, signal } = expectMembers(options, 'captionData: options');
  const read = readers[extname(file) as keyof typeof readers];
  if (!read) {
    const known = Object.keys(readers).join(', ');
    throw new EmbeddingError('UNSUPPORTED', { where: file, expected: `a file in ${known}`, got: 'another kind' });
  }
  const folder = directory(images ?? dirname(file));
  const from = checkImages ? folder : { ...folder, has: undefined };
  const all = read(directory(dirname(file)), basename(file), { images: from, signal });
  const samples: Sample[] = [];
  for await (const sample of split === undefined ? all : inSplit(all, split)) samples.push(sample);
  if (samples.length > 0) return samples;
  const where = split === undefined ? file : `${file}, split '${split}'`;
  throw new EmbeddingError('INPUT_INVALID', { where, expected: 'captioned images', got: 'none' });
}
