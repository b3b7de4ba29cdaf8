import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface Place {
  readonly name: string;
  readonly ways: Readonly<Record<string, unknown>>;
}

const root = new URL('../../../', import.meta.url);
const text = (path: string) => readFile(new URL(path, root), 'utf8');
/** Where packages and examples run that this repository installs nothing for. */
const { places }: { readonly places: readonly Place[] } = await import(
  new URL('tools/pack-check/runtimes/places.mjs', root).href
);
const runtimes = await text('docs/runtimes.md');

/** Of a table in Markdown, its rows as cells. */
const cells = (table: string) =>
  table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
const outcomes = new Map(cells(runtimes).map(([, place = '', , outcome = '']) => [place, outcome]));

it.each([
  'Node 20, import',
  'Bun 1',
  'Deno 2',
  'Vite 8, build',
  'Next 16, build, server component',
  'webpack 5, build',
  'workerd',
  'Extension, Manifest V3, page',
  'Import map, no bundler',
])('says how it ran in %s', (place) => {
  expect(outcomes.get(place)).toMatch(/^yes/);
});

it('says of what was not run that it is not tested, and why', () => {
  expect(runtimes).toMatch(/^Not tested: Electron, whose .+ cannot reach/ms);
});

it('has run every place that there is, and none that failed', () => {
  const ways = places.flatMap(({ name, ways: those }) =>
    Object.keys(those).map((way) => (way ? `${name}, ${way}` : name)),
  );
  expect(ways.filter((way) => !outcomes.has(way))).toEqual([]);
  const failed = [...outcomes].filter(([, outcome]) => outcome.startsWith('no'));
  expect(failed).toEqual([]);
});

it('runs every example by a test, or where the examples say', async () => {
  const table = new Map(
    cells(await text('apps/examples/README.md')).map(([, name = '', , where = '']) => [name, where]),
  );
  const folder = new URL('apps/examples/', root);
  const examples = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(examples.length).toBeGreaterThan(10);
  const run = await Promise.all(
    examples.map(async ({ name }) => {
      const where = table.get(`[${name}](${name})`) ?? '';
      const files = await readdir(new URL(`${name}/test/`, folder)).catch(() => []);
      const { scripts } = JSON.parse(await text(`apps/examples/${name}/package.json`).catch(() => '{}'));
      if (scripts?.test && files.some((file) => file.endsWith('.test.ts'))) return /Node|Chromium/.test(where) && name;
      const asked = /^`check:install`.*: `pnpm check:runtimes "(example \w+)"`$/.exec(where)?.[1];
      const chosen = places.filter((place) => asked && place.name.toLowerCase().includes(asked));
      return (
        chosen.length === 1 && outcomes.get(`Example ${name}`) === 'yes' && chosen[0]!.name.replace('Example ', '')
      );
    }),
  );
  expect(run).toEqual(examples.map(({ name }) => name));
});
