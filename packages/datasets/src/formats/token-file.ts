import type { ByteSource, Files } from '@diptych/files';
import { openFile } from '../files/open-file.ts';
import { type Line, linesOf } from '../files/text.ts';
import { invalid } from '../invalid.ts';
import { type Entry, type ReadOptions, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import { exactly } from './exactly.ts';

export interface TokenFileOptions extends ReadOptions {
  /** A file of image names, one per line, for each split: `{ train: 'Flickr_8k.trainImages.txt' }`. */
  readonly splits?: Readonly<Record<string, string>>;
  /** Default 5. */
  readonly captionsPerImage?: number | 'all';
}

interface Caption {
  readonly image: string;
  readonly index: number;
  readonly text: string;
}

/**
 * The original Flickr8k and Flickr30k: `image.jpg#0`, a tab and a caption on each line, those of one image together.
 *
 * @param path As `Flickr8k.token.txt` or `results_20130124.token`.
 */
export function tokenFile(files: Files, path: string, options: TokenFileOptions = {}): AsyncIterable<Sample> {
  return samplesOf(() => entriesOf(files, path, options), files, options);
}

async function* entriesOf(files: Files, path: string, options: TokenFileOptions): AsyncGenerator<Entry> {
  const file = await openFile(files, path, options.signal);
  const splits = await readSplits(files, options);
  let group: Line[] = [];
  for await (const line of linesOf(file, options.signal)) {
    if (group.length > 0 && imageOf(group[0]!) !== imageOf(line)) {
      yield entryOf(file, group, { splits, options });
      group = [];
    }
    group.push(line);
  }
  if (group.length > 0) yield entryOf(file, group, { splits, options });
}

/** What stands before the last `#`: it groups lines before they are known to be well formed. */
function imageOf({ text }: Line): string {
  return /^(.+)#\d+\t/.exec(text)?.[1] ?? text;
}

interface GroupContext {
  readonly splits: ReadonlyMap<string, string>;
  readonly options: TokenFileOptions;
}

function entryOf(file: ByteSource, group: readonly Line[], { splits, options }: GroupContext): Entry {
  const where = `${file.name}, line ${group[0]!.number}`;
  return {
    where,
    read() {
      const captions = group.map((line) => captionOf(line, file.name)).toSorted((a, b) => a.index - b.index);
      const twice = captions.find(({ index }, i) => captions[i + 1]?.index === index);
      if (twice) throw invalid(where, `one caption ${twice.index} of '${twice.image}'`, 'two');
      const { image } = captions[0]!;
      const split = splits.get(image);
      const texts = captions.map(({ text }) => text);
      return {
        id: image,
        image,
        captions: exactly(texts, options.captionsPerImage ?? 5, where),
        ...(split !== undefined && { split }),
      };
    },
  };
}

function captionOf({ text, number }: Line, name: string): Caption {
  const [, image, index, caption] = /^(.+?)#(\d+)\t(.+)$/.exec(text) ?? [];
  if (image && index && caption) return { image, index: Number(index), text: caption.trim() };
  throw invalid(`${name}, line ${number}`, `'image.jpg#0', a tab and a caption`, `'${text.slice(0, 40)}'`);
}

async function readSplits(
  files: Files,
  { splits = {}, signal }: TokenFileOptions,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [split, path] of Object.entries(splits)) {
    const file = await openFile(files, path, signal);
    for await (const { text, number } of linesOf(file, signal)) {
      const image = text.trim();
      const other = found.get(image);
      if (other) throw invalid(`${file.name}, line ${number}`, `'${image}' in one split`, `${other} and ${split}`);
      found.set(image, split);
    }
  }
  return found;
}
