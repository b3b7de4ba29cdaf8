import { readdir, readFile } from 'node:fs/promises';
import { blobFiles, type Files } from '@diptych/files';
import { directory } from '@diptych/files/node';
import { describeGolden } from '@diptych/golden';
import { expect, it } from 'vitest';
import { open } from '../../src/index.ts';
import { inert } from './inert-settings.ts';
import { kindPath, opening, pictures, readKind } from './kinds.ts';

type Tree = Record<string, unknown>;
type Path = readonly string[];

/** One field of one file of a kind. */
interface Setting {
  readonly kind: string;
  readonly file: string;
  readonly path: Path;
}

describeGolden('settings of the files that models come with', async () => {
  const settings = await allSettings();
  const names = [...settings.keys()];

  it('are none that are said to move nothing and are not there', () => {
    const stale = Object.entries(inert).flatMap(([file, fields]) =>
      fields.filter((field) => !names.some((name) => covers(`${file}: ${field}`, name))),
    );
    expect(stale).toEqual([]);
  });

  it('are obeyed or refused: each moves a row, or the model is refused', { timeout: 600_000 }, async () => {
    const moving = names.filter((name) => !isInert(name));
    const ignored: string[] = [];
    for (const name of moving) if (!(await movesAny(settings.get(name)!))) ignored.push(name);
    expect(ignored).toEqual([]);
  });
});

/** By file and field, that field wherever it stands. Towers of one configuration are told apart by nothing. */
async function allSettings(): Promise<Map<string, Setting[]>> {
  const found = new Map<string, Setting[]>();
  for (const kind of opening) {
    for (const file of await settingsFiles(kind)) {
      for (const path of leaves(await readTree(kind, file))) {
        const name = `${file.split('/').at(-1)!}: ${path.join('.').replace(/^(text|vision)_config(_dict)?\./, '')}`;
        const same = found.get(name) ?? [];
        found.set(name, [...same, { kind, file, path }]);
      }
    }
  }
  return found;
}

async function settingsFiles(kind: string): Promise<string[]> {
  const files = await readdir(kindPath(kind), { recursive: true });
  return files.filter(
    (file) =>
      file.endsWith('.json') && !/(^|\/)(expected|tokenizer|vocab|modules)\.json$|index\.json$|^onnx/.test(file),
  );
}

async function readTree(kind: string, file: string): Promise<Tree> {
  return JSON.parse(await readFile(`${kindPath(kind)}/${file}`, 'utf8')) as Tree;
}

function leaves(value: unknown, path: Path = []): Path[] {
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, [...path, key]));
}

function isInert(name: string): boolean {
  return Object.entries(inert).some(([file, fields]) => fields.some((field) => covers(`${file}: ${field}`, name)));
}

/** Whether a name is that field or one below it. */
function covers(field: string, name: string): boolean {
  return name === field || name.startsWith(`${field}.`);
}

async function movesAny(settings: readonly Setting[]): Promise<boolean> {
  for (const setting of settings) if (await moves(setting)) return true;
  return false;
}

async function moves({ kind, file, path }: Setting): Promise<boolean> {
  const tree = await readTree(kind, file);
  const before = await outcome(kind, {});
  for (const value of others(valueAt(tree, path))) {
    const changed = { [file]: new Blob([JSON.stringify(replaced(tree, path, value))]) };
    if ((await outcome(kind, changed)) !== before) return true;
  }
  return false;
}

/** Texts with special tokens in them. */
const specials = ['<s> [CLS] [MASK] <mask> <|endoftext|> a', '  <|startoftext|> b', 'a<|endoftext|>b c</s>d <eos> e'];

const kept = new Map<string, string>();

/** The rows of a kind, rounded, or how it is refused. */
async function outcome(kind: string, changed: Readonly<Record<string, Blob>>): Promise<string> {
  const isOriginal = Object.keys(changed).length === 0;
  const known = kept.get(kind);
  if (isOriginal && known !== undefined) return known;
  const rows = await embedded(withFiles(kind, changed), kind).catch(String);
  if (isOriginal) kept.set(kind, rows);
  return rows;
}

async function embedded(files: Files, kind: string): Promise<string> {
  using space = await open(files);
  const { texts } = await readKind(kind);
  const all = [...texts, 'Zwei ROTE Hunde \u4e2d\u6587 caf\u00e9 '.repeat(30), ...specials];
  const text = space.modalities.includes('text') ? await space.embed('text', all) : undefined;
  const image = space.modalities.includes('image') ? await space.embed('image', await pictures()) : undefined;
  const rows = [text, image].flatMap((block) => (block ? [...block.data] : []));
  return rows.map((value) => value.toFixed(6)).join();
}

function withFiles(kind: string, changed: Readonly<Record<string, Blob>>): Files {
  const [all, some] = [directory(kindPath(kind)), blobFiles(changed, kindPath(kind))];
  return { ...all, open: async (path, signal) => (await some.open(path)) ?? all.open(path, signal) };
}

/** The same tree with another value at a leaf. */
function replaced(tree: unknown, [key, ...below]: Path, value: unknown): unknown {
  return key === undefined ? value : { ...(tree as Tree), [key]: replaced((tree as Tree)[key], below, value) };
}

function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce((value, key) => (value as Tree)[key], tree);
}

function others(value: unknown): unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return value === 0 ? [1] : [value * 2, value / 2];
  if (typeof value === 'string') return [`${value}-other`, 'LlamaTokenizer'];
  return [[...(value as unknown[]), 1]];
}
