import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { directory } from '@diptych/files/node';
import { open } from 'diptych';
import { families, type Family, replaced } from './layouts.ts';
import { type HostileCase, type HostileKind, nested } from './case.ts';

type Json = Record<string, unknown>;

const kinds = process.argv[3]!;

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

const cases: readonly HostileCase[] = families(kinds).flatMap((family) =>
  mutations(family).map(([name, config, code, says]) => ({
    name: `${family.name}: ${name}`,
    code,
    says,
    run: async () => (await open(replaced(family.folder, family.file, config()), { backend: 'cpu' }))[Symbol.dispose](),
  })),
);

/** Fields of a processor of images that no model has. */
const processors: readonly (readonly [name: string, fields: string, code: string, says: RegExp])[] = [
  ['a crop of 30,000', '"crop_size":{"height":30000,"width":30000}', 'CONFIG_INVALID', /crop/],
  ['a size of 1e9', '"size":{"shortest_edge":1000000000}', 'CONFIG_INVALID', /size/],
  ['a negative size', '"size":{"shortest_edge":-1}', 'CONFIG_INVALID', /size/],
  ['a filter of the prototype', '"resample":"constructor"', 'UNSUPPORTED', /resample/],
  ['means that are text', `"image_mean":"${'x'.repeat(1e6)}"`, 'CONFIG_INVALID', /image_mean/],
  ['100,000 levels', `"size":${nested(1e5)}`, 'CONFIG_INVALID', /at most 64 levels/],
];

const processorCases: readonly HostileCase[] = processors.map(([name, fields, code, says]) => ({
  name: `a processor: ${name}`,
  code,
  says,
  run: async () => {
    const files = replaced(join(kinds, 'clip-hf-2022-dict'), 'preprocessor_config.json', `{${fields}}`);
    (await open(files, { backend: 'cpu' }))[Symbol.dispose]();
  },
}));

export const kind: HostileKind = {
  cases: [...cases, ...processorCases],
  async honest() {
    (await open(directory(join(kinds, 'resnet-2023')), { backend: 'cpu' }))[Symbol.dispose]();
  },
};
