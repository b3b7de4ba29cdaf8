import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  clipTokenizer,
  parseTokenizer,
  siglipTokenizer,
  type TokenizerFiles,
} from '../../packages/preprocessing/src/index.ts';

/** A tokenizer, texts, and Python's ids of each text, as `strings.py` writes them. */
interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string | object>>;
  /** `spiece`: SentencePiece alone, no cleaning, no end. */
  readonly make: 'parseTokenizer' | 'clipTokenizer' | 'spiece';
  readonly options: object;
  readonly texts: readonly string[];
  readonly ids: readonly (readonly number[] | null)[];
}

const [folder = '', shown = '0'] = process.argv.slice(2);
let total = 0;
for (const file of (await readdir(folder)).toSorted()) {
  const read = JSON.parse(await readFile(join(folder, file), 'utf8')) as Case;
  const different = await differences(read);
  total += different.length;
  console.log(`${String(different.length).padStart(6)} of ${read.texts.length}  ${read.name}`);
  for (const line of different.slice(0, Number(shown))) console.log(`        ${line}`);
}
process.exitCode = total === 0 ? 0 : 1;

async function differences({ files, make, options, texts, ids }: Case): Promise<string[]> {
  const entries = Object.entries(files).map(async ([key, file]) => [key, await content(file)]);
  const layout = { ...options, contextLength: 100_000, padding: 'longest' };
  const found = Object.fromEntries(await Promise.all(entries)) as TokenizerFiles;
  const isWhole = make !== 'spiece';
  const clean = (text: string): string => text;
  const makers = {
    parseTokenizer: () => parseTokenizer(found, layout as object),
    clipTokenizer: () => clipTokenizer(found, layout as object),
    spiece: () => siglipTokenizer(found, { ...layout, clean } as object),
  };
  const tokenize = makers[make]();
  return texts.flatMap((text, i) => {
    const want = ids[i];
    if (!want) return [];
    const got = ours(() => [...tokenize([text]).ids]);
    const row = isWhole ? got : got.slice(0, -1);
    return row.join() === want.join()
      ? []
      : [`${JSON.stringify(text)}\n          ${want.join(' ')}\n          ${row.join(' ')}`];
  });
}

function ours(run: () => number[]): readonly (number | string)[] {
  try {
    return run();
  } catch (error) {
    return [String(error), ''];
  }
}

async function content(file: string | object): Promise<string | object | Uint8Array> {
  if (typeof file !== 'string') return file;
  if (file.endsWith('.model')) return new Uint8Array(await readFile(file));
  const bytes = await readFile(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
