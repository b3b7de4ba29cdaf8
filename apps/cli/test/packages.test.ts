import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emoji } from '@diptych/model-emoji';
import { expectClose } from '@diptych/testkit';
import { open } from 'diptych';
import { describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { architecture, colourWorkspace } from './workspace.ts';

interface Row {
  readonly text: string;
  readonly embedding: readonly number[];
}

/** A user's folder where `@acme/colours` is installed, and as `colours` too: two models and their architecture. */
async function folderWithPackage() {
  const { root, model } = await colourWorkspace([]);
  const installed = join(root, 'colours');
  await mkdir(join(root, 'node_modules/@acme'), { recursive: true });
  await mkdir(installed);
  for (const name of ['@acme/colours', 'colours']) await symlink(installed, join(root, 'node_modules', name));
  const exports = { '.': { import: './index.js' }, './one': './one.js', './broken': './broken.js' };
  await writeFile(join(installed, 'package.json'), JSON.stringify({ name: '@acme/colours', type: 'module', exports }));
  const files = `open: async (path) => path === 'colour.txt' ? { size: 0, read: async () => new Uint8Array() } : undefined`;
  const one = (id: string) => `export const ${id} = { id: '${id}', ${files}, architecture };\n`;
  const imports = `import * as all from ${JSON.stringify(architecture)};\nconst architecture = Object.values(all).find((value) => value.open);\n`;
  await writeFile(join(installed, 'one.js'), imports + one('only'));
  await writeFile(
    join(installed, 'index.js'),
    `${imports}${one('first')}${one('second')}export const family = architecture;\nexport const version = 1;\n`,
  );
  await writeFile(join(installed, 'broken.js'), "import './nowhere.js';");
  return { folder: root, model };
}

const embedRed = ['embed', '--modality', 'text', 'red'];

describe('a model that is a package', () => {
  it.each([
    ['@acme/colours/one', 'only'],
    ['@acme/colours#second', 'second'],
    ['colours#first', 'first'],
  ])('%s is found from the folder of the user', async (model, id) => {
    const { folder } = await folderWithPackage();
    const run = await runCli(['info', '--model', model], { folder });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(run)[0]).toMatchObject({ model: id, architecture: 'colour' });
    const [row] = jsonLines<Row>(await runCli([...embedRed, '--model', model], { folder }));
    expect(row).toEqual({ text: 'red', embedding: [1, 0, 0] });
  });

  it.each([
    [
      '@acme/colours',
      [],
      'INPUT_INVALID: @acme/colours: expected one model, as @acme/colours#first, got first, second',
    ],
    [
      '@acme/colours#family',
      [],
      'expected an export with open and architecture, got exports: first, second, family, version',
    ],
    ['@acme/colours/none', [], 'NOT_FOUND: @acme/colours/none: expected a file or folder, or a package installed in '],
    ['@acme/colours/broken', [], 'INPUT_INVALID: @acme/colours/broken: expected what can be imported, got '],
    ['@acme/none', [], 'got none; npm install @acme/none'],
    ['clip', [], 'got none; models of the hub are org/name'],
    ['@acme/colours/one', ['--revision', 'v1'], "expected a model of the hub for the revision 'v1', got a package"],
  ])('%s %j is refused: %s', async (model, more, message) => {
    const { folder } = await folderWithPackage();
    const run = await runCli([...embedRed, '--model', model, ...more], { folder });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  it('is found beside the command line where the user has none', async () => {
    using space = await open(emoji);
    const expected = await space.embed('text', ['rocket']);
    const args = ['embed', '--model', '@diptych/model-emoji', '--modality', 'text', 'rocket'];
    const run = await runCli(args);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expectClose(jsonLines<Row>(run)[0]!.embedding, expected.data, 1e-6);
  });

  it('is no folder that could be converted, and nothing to download', async () => {
    const { folder } = await folderWithPackage();
    const output = join(folder, 'out');
    const converted = await runCli(['convert', '--model', '@acme/colours/one', '--output', output], { folder });
    expect(converted.stderr).toContain('INPUT_INVALID: @acme/colours/one: expected a folder or model of the hub');
    const fetched = await runCli(['download', '@acme/colours'], { folder });
    expect(fetched.stderr).toContain("expected a model as 'org/name', got '@acme/colours'");
    expect([converted.code, fetched.code]).toEqual([2, 2]);
  });
});

it.each(['@acme/colours', '@acme/colours#family', 'colours'])('an architecture is found in %s', async (module) => {
  const { folder, model } = await folderWithPackage();
  const run = await runCli([...embedRed, '--model', model, '--architecture', module], { folder });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(jsonLines<Row>(run)).toEqual([{ text: 'red', embedding: [1, 0, 0] }]);
});

it('an architecture that a package lacks is refused', async () => {
  const { folder, model } = await folderWithPackage();
  const run = await runCli([...embedRed, '--model', model, '--architecture', '@acme/colours#version'], { folder });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('expected an export with a name and a method open, got exports: first, second');
});

describe('without --model', () => {
  const args = ['embed', '--modality', 'text', 'rocket'];

  it('the emoji model is taken, which is said with how to take another', async () => {
    const run = await runCli(args);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^diptych: no --model: taking @diptych\/model-emoji, .*; for photos take .*--model .+\/.+\n$/,
    );
    using space = await open(emoji);
    expectClose(jsonLines<Row>(run)[0]!.embedding, (await space.embed('text', ['rocket'])).data, 1e-6);
  });

  it('that is not said again where quiet is asked for', async () => {
    expect(await runCli([...args, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('bench says it once', async () => {
    const run = await runCli(['bench', '--rounds', '1', '--batch', '1', '--dtype', 'int8']);
    expect([run.code, run.stderr.split('\n').length]).toEqual([0, 2]);
  });
});
