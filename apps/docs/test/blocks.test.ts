import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseJson } from '@diptych/core';
import { expectExample } from '@diptych/golden';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, blocksOf, pages, readmes, site } from '../src/blocks.ts';
import { commandLine } from '../src/commands.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const all = (await Promise.all((await pages()).map(blocksOf))).flat();
const inTypeScript = all.filter(({ language }) => language === 'ts');
const inReadmes = (await Promise.all((await readmes()).map(blocksOf)))
  .flat()
  .filter(({ language }) => language === 'ts');
const named = ({ page, line }: Block) => `${page}:${line}`;

/** What only READMEs import. */
const notAmongDependencies = {
  '@diptych/fleet': ['../../../packages/fleet/src/index.ts'],
  '@diptych/server': ['../../server/src/index.ts'],
  openai: ['../../server/node_modules/openai/index.d.mts'],
};

/** Languages of blocks, each with what checks it. */
const checked = new Set(['ts', 'json', 'sh', 'html', 'txt']);

describe('blocks of code', () => {
  it('are of a language that is checked, and marked by what is known', () => {
    expect(all.filter(({ language }) => !checked.has(language)).map(named)).toEqual([]);
    const marks = new Set(inTypeScript.flatMap((block) => [...block.marks]));
    expect([...marks].filter((mark) => mark !== 'run' && mark !== 'more')).toEqual([]);
  });

  it('of TypeScript are right, strictly, those of READMEs too', async () => {
    const folder = join(root, 'blocks');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const config = {
      extends: '../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, paths: notAmongDependencies },
      include: ['.'],
      exclude: [],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await Promise.all(
      [...inTypeScript, ...inReadmes].map((block) => {
        const name = named(block).replaceAll(/\W+/g, '-');
        return writeFile(join(folder, `${name}.ts`), `${block.code}\nexport {};\n`);
      }),
    );
    const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
    const found = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error) => error);
    expect(found.stdout).toBe('');
  }, 600_000);

  it.each(all.filter(({ language }) => language === 'json').map((block) => [named(block), block] as const))(
    'of JSON are JSON: %s',
    (name, { code }) => {
      expect(typeof parseJson(code, name)).toBe('object');
    },
  );

  it('of a shell ask for commands and options that there are', async () => {
    const { commands, options } = await commandLine();
    const unknown = all
      .filter(({ language }) => language === 'sh')
      .flatMap((block) =>
        [...block.code.matchAll(/npx diptych (\w+)([^\n]*)/g)].flatMap(([, command = '', rest = '']) => {
          const asked = [...rest.matchAll(/(?<=\s)--[a-z-]+/g)].map(([option]) => option);
          const wrong = asked.filter((option) => !options.has(option));
          return [...(commands.has(command) ? [] : [command]), ...wrong].map((name) => `${named(block)}: ${name}`);
        }),
      );
    expect(unknown).toEqual([]);
  });
});

describe('blocks that are marked to be run', () => {
  const before = process.cwd();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diptych-site-'));
    await cp(`${site}public/photos`, join(folder, 'photos'), { recursive: true });
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });

  const running = inTypeScript.filter(({ marks }) => marks.has('run'));
  it.each(running.map((block) => [named(block), block] as const))('%s prints what it says', async (_, block) => {
    await expectExample(() => import(/* @vite-ignore */ `${site}${block.page}?line=${block.line}`));
  });
});
