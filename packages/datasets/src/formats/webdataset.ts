import type { ByteSource, Files } from '@diptych/files';
import { checkLength } from '../files/longest.ts';
import { openFile } from '../files/open-file.ts';
import { readImage } from '../files/read-image.ts';
import { tarEntries } from '../files/tar-entries.ts';
import { invalid } from '../invalid.ts';
import { type Draft, type Entry, type ReadOptions, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import { type Columns, draftOf } from './columns.ts';
import { parseRow } from './parse-json.ts';

export interface WebdatasetOptions extends Omit<ReadOptions, 'images'> {
  /** What the `.json` of a sample says, where there is no `.txt` for its captions. */
  readonly columns?: Pick<Columns, 'captions' | 'split'>;
  /** Endings of images. Default `jpg`, `jpeg`, `png`, `webp`. */
  readonly imageEndings?: readonly string[];
  /** Given to samples without one of their own. */
  readonly split?: string;
}

/**
 * webdataset shards: files of one name up to the first dot, one after the other, are a sample. Its captions are the lines
 * of its `.txt`, or in its `.json`; other files are passed over. An id is `shard.tar/name`.
 *
 * Images are read from the archive when asked for.
 *
 * @param shards Paths of `.tar` files, in their order.
 */
export function webdataset(
  files: Files,
  shards: readonly string[],
  options: WebdatasetOptions = {},
): AsyncIterable<Sample> {
  return samplesOf(() => entriesOf(files, shards, options), files, options);
}

async function* entriesOf(files: Files, shards: readonly string[], options: WebdatasetOptions): AsyncGenerator<Entry> {
  for (const shard of shards) {
    const file = await openFile(files, shard, options.signal);
    for await (const parts of groupsOf(file, options.signal)) {
      const where = `${file.name}, sample '${parts.key}'`;
      yield { where, read: () => draft(file, parts, { ...options, where, id: `${shard}/${parts.key}` }) };
    }
  }
}

type Range = readonly [begin: number, end: number];

interface Parts {
  readonly key: string;
  /** By ending in lower case. */
  readonly ranges: ReadonlyMap<string, Range>;
}

async function* groupsOf(file: ByteSource, signal?: AbortSignal): AsyncGenerator<Parts> {
  let key: string | undefined;
  let ranges = new Map<string, Range>();
  for await (const { path, range } of tarEntries(file, signal)) {
    const [, name, ending] = /^((?:.*\/)?[^./]+)\.([^/]*)$/.exec(path) ?? [];
    if (name === undefined || ending === undefined) continue;
    if (key !== undefined && name !== key) {
      yield { key, ranges };
      ranges = new Map();
    }
    key = name;
    if (ranges.has(ending.toLowerCase())) throw invalid(file.name, `one '${path}'`, 'two');
    ranges.set(ending.toLowerCase(), range);
  }
  if (key !== undefined) yield { key, ranges };
}

interface Context extends WebdatasetOptions {
  readonly where: string;
  readonly id: string;
}

async function draft(file: ByteSource, { ranges }: Parts, context: Context): Promise<Draft> {
  const { imageEndings = ['jpg', 'jpeg', 'png', 'webp'], where, id, signal, split } = context;
  const range = imageEndings.map((ending) => ranges.get(ending)).find((one) => one !== undefined);
  if (!range) throw invalid(where, 'an image', `.${[...ranges.keys()].join(', .')}`);
  const image: Sample['image'] = async (imageSignal) => readImage(file, range, imageSignal);
  const text = await textOf(file, ranges.get('txt'), signal);
  const json = await textOf(file, ranges.get('json'), signal);
  const lines = text?.split('\n').flatMap((line) => line.trim() || []);
  const row = json === undefined ? {} : parseRow(json, where);
  const columns = { ...context.columns, id: () => id, image: () => 'in the archive' };
  const said = draftOf(row, lines ? { ...columns, captions: () => lines } : columns, where);
  return { ...(split !== undefined && { split }), ...said, image };
}

async function textOf(file: ByteSource, range: Range | undefined, signal?: AbortSignal): Promise<string | undefined> {
  if (range) checkLength(range[1] - range[0], `${file.name}, byte ${range[0]}`, 'a text');
  return range && new TextDecoder().decode(await file.read(range[0], range[1], signal));
}
