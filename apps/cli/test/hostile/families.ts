import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelFiles } from '@diptych/checkpoint';
import { directory } from '@diptych/checkpoint/node';
import { open } from 'diptych';
import { type HostileCase, type HostileKind, nested } from './case.ts';

type Json = Record<string, unknown>;

/** A published layout, its configuration, and the path in it to the fields of one tower. */
interface Family {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly tower: readonly string[];
  /** Fields of that tower. */
  readonly layers: string;
  readonly width: string;
  readonly heads?: string;
}

const zoo = (kind: string) => join(process.argv[3]!, kind);
const hf = { layers: 'num_hidden_layers', width: 'hidden_size', heads: 'num_attention_heads' };
const families: readonly Family[] = [
  { name: 'clip', folder: zoo('clip-hf-v5'), file: 'config.json', tower: ['text_config'], ...hf },
  { name: "clip's images", folder: zoo('clip-hf-v5'), file: 'config.json', tower: ['vision_config'], ...hf },
  { name: 'siglip', folder: zoo('siglip-hf'), file: 'config.json', tower: ['vision_config'], ...hf },
  { name: 'siglip2', folder: zoo('siglip2-hf'), file: 'config.json', tower: ['text_config'], ...hf },
  { name: 'chinese_clip', folder: zoo('chinese-clip'), file: 'config.json', tower: ['text_config'], ...hf },
  { name: 'bert', folder: zoo('st-bge'), file: 'config.json', tower: [], ...hf },
  {
    name: 'resnet',
    folder: zoo('resnet-2023'),
    file: 'config.json',
    tower: [],
    layers: 'depths',
    width: 'hidden_sizes',
  },
  {
    name: 'open_clip',
    folder: zoo('openclip-both'),
    file: 'open_clip_config.json',
    tower: ['model_cfg', 'text_cfg'],
    layers: 'layers',
    width: 'width',
    heads: 'heads',
  },
  {
    name: 'open_clip of ResNet',
    folder: zoo('openclip-rn'),
    file: 'open_clip_config.json',
    tower: ['model_cfg', 'vision_cfg'],
    layers: 'layers',
    width: 'width',
  },
];

/** The files of a folder, one of them replaced. */
function replaced(folder: string, file: string, content: string): ModelFiles {
  const files = directory(folder);
  const bytes = new TextEncoder().encode(content);
  const source = {
    name: `m/${file}`,
    size: bytes.length,
    read: async (begin: number, end: number) => bytes.slice(begin, end),
  };
  return { id: 'm', open: async (path, signal) => (path === file ? source : files.open(path, signal)) };
}

/** The configuration with a field of the tower set. */
function withField({ folder, file, tower }: Family, field: string, value: unknown): string {
  const json = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
  const place = tower.reduce((object, name) => object[name] as Json, json);
  place[field] = Array.isArray(place[field]) && !Array.isArray(value) ? [value, ...place[field].slice(1)] : value;
  return JSON.stringify(json);
}

/** What no checkpoint of the family could be: name, configuration, codes and what is said. */
function mutations(family: Family): readonly (readonly [string, () => string, string, RegExp])[] {
  const set = (field: string, value: unknown) => () => withField(family, field, value);
  const fits = /expected|missing|does not fit/;
  return [
    ['1e9 layers', set(family.layers, 1e9), 'CONFIG_INVALID', /expected at most/],
    ['100,000 layers', set(family.layers, 1e5), 'CONFIG_INVALID', /expected at most/],
    ['1,000 layers', set(family.layers, 1000), 'CHECKPOINT_MISMATCH', fits],
    ['negative layers', set(family.layers, -1), 'CONFIG_INVALID', /expected a/],
    ['a width of 2^40', set(family.width, 2 ** 40), 'CONFIG_INVALID', /expected at most/],
    ['a width that is text', set(family.width, 'x'.repeat(1e6)), 'CONFIG_INVALID', /expected.*…$/],
    ['100,000 levels', () => nested(1e5), 'CONFIG_INVALID', /at most 64 levels, got more at byte 64/],
    ['2,000,000 fields', () => `{${'"a":1,'.repeat(2e6)}"b":2}`, 'CONFIG_INVALID', /at most 1048576 values/],
    ['20 MB', () => ' '.repeat(2e7), 'CONFIG_INVALID', /at most 16777216 bytes, got 20000000/],
    ...(family.heads === undefined
      ? []
      : [['no heads', set(family.heads, 0), 'CONFIG_INVALID', /expected a whole/] as const]),
  ];
}

const cases: readonly HostileCase[] = families.flatMap((family) =>
  mutations(family).map(([name, config, code, says]) => ({
    name: `${family.name}: ${name}`,
    code,
    says,
    run: async () => (await open(replaced(family.folder, family.file, config()), { backend: 'cpu' }))[Symbol.dispose](),
  })),
);

export const kind: HostileKind = {
  cases,
  async honest() {
    (await open(directory(zoo('resnet-2023')), { backend: 'cpu' }))[Symbol.dispose]();
  },
};
