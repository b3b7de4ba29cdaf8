import type { Files } from '@diptych/files';
import { jsonItems } from '../files/json-items.ts';
import { openFile } from '../files/open-file.ts';
import { invalid } from '../invalid.ts';
import { type Draft, type Entry, type ReadOptions, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import type { Row } from './columns.ts';
import { exactly } from './exactly.ts';
import { parseRow } from './parse-json.ts';

export interface KarpathyOptions extends ReadOptions {
  /** The first so many of each image, which must have them; some of COCO have 6 or 7. Default 5, as every paper has it. */
  readonly captionsPerImage?: number | 'all';
  /** Counts `restval` to `train`, as most results on COCO do. Default `false`. */
  readonly foldRestval?: boolean;
}

/**
 * Flickr8k, Flickr30k or COCO by the JSON of Karpathy and Fei-Fei 2015, arXiv:1412.2306.
 *
 * An image is `filepath/filename`, or `filename` where there is no `filepath`, and that is its id too.
 *
 * @param path Of the JSON, as `dataset_coco.json`, which is streamed: it is 144 MB.
 */
export function karpathy(files: Files, path: string, options: KarpathyOptions = {}): AsyncIterable<Sample> {
  return samplesOf(() => entriesOf(files, path, options), files, options);
}

async function* entriesOf(files: Files, path: string, options: KarpathyOptions): AsyncGenerator<Entry> {
  const file = await openFile(files, path, options.signal);
  let index = 0;
  for await (const text of jsonItems(file, 'images', options.signal)) {
    const where = `${file.name}, image ${index++}`;
    yield { where, read: () => draft(parseRow(text, where), where, options) };
  }
}

function draft(row: Row, where: string, { captionsPerImage = 5, foldRestval = false }: KarpathyOptions): Draft {
  const { filename, filepath, split, sentences, ...attributes } = row;
  if (typeof filename !== 'string') throw invalid(where, 'a filename', typeof filename);
  if (typeof split !== 'string') throw invalid(where, 'a split', typeof split);
  const image = typeof filepath === 'string' && filepath !== '' ? `${filepath}/${filename}` : filename;
  return {
    id: image,
    image,
    captions: exactly(rawOf(sentences, where), captionsPerImage, where),
    split: foldRestval && split === 'restval' ? 'train' : split,
    attributes,
  };
}

function rawOf(sentences: unknown, where: string): readonly string[] {
  if (!Array.isArray(sentences)) throw invalid(where, 'a list of sentences', typeof sentences);
  return sentences.map((sentence: { readonly raw?: unknown } | null) => {
    if (typeof sentence?.raw === 'string') return sentence.raw;
    throw invalid(where, `a sentence with 'raw'`, JSON.stringify(sentence));
  });
}
