// A release up to a registry of this machine, in a clone: versions and changelogs by changesets, builds, publication, and a
// project that installs what was published and runs what the README says. The working tree is left as it is.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { install } from '../pack-check/npm.mjs';
import { upstreamRegistry } from '../pack-check/registry.mjs';
import { wrongInPackage, wrongLicences } from './checks.ts';
import { followFirstPage } from './first-page.mjs';
import { takingRegistry } from './registry.mjs';
import { followStartPage } from './start-page.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = await realpath(await mkdtemp(join(tmpdir(), 'diptych-release-')));
const clone = join(scratch, 'clone');
const inClone = { cwd: clone, maxBuffer: 1e8 };

if ((await run('git', ['status', '--porcelain'], { cwd: root })).stdout) {
  console.log('what is not committed is not part of the rehearsal');
}
// With the whole history, for a changelog names the commit of each change.
await run('git', ['clone', '--quiet', '--shared', root, clone]);
const packages = await publishable();
const names = new Set(packages.map(({ name }) => name));
const registry = await takingRegistry([...names], await upstreamRegistry());
try {
  await step('install', () => run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], inClone));
  const version = await step('versions and changelogs', setVersions);
  const filters = packages.map(({ folder }) => `--filter=./${folder}`);
  await step('build', () => run('pnpm', ['exec', 'turbo', 'run', 'build', '--concurrency=2', ...filters], inClone));
  await step('publish', publish);
  await checkPackages(version);
  await step('as a newcomer', () => asNewcomer(version));
  console.log(`${packages.length} packages can be released as ${version}`);
} finally {
  registry.close();
  await rm(scratch, { recursive: true });
}

async function step(what, work) {
  const start = performance.now();
  const result = await work();
  console.log(`  ${what}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return result;
}

/** Every package that is published. */
async function publishable() {
  const parents = ['packages', 'apps'];
  const folders = await Promise.all(
    parents.map(async (parent) => (await readdir(join(clone, parent))).map((name) => join(parent, name))),
  );
  const manifests = await Promise.all(
    folders.flat().map(async (folder) => ({ folder, ...(await manifestOf(folder).catch(() => ({ private: true }))) })),
  );
  return manifests.filter((manifest) => !manifest.private);
}

/** @returns The version that all packages get. */
async function setVersions() {
  await run('pnpm', ['release:version'], inClone);
  const left = (await readdir(join(clone, '.changeset'))).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );
  if (left.length > 0) throw new Error(`changeset version: expected all changes in changelogs, got left ${left}`);
  const versions = new Set(await Promise.all(packages.map(async ({ folder }) => (await manifestOf(folder)).version)));
  if (versions.size !== 1) throw new Error(`changeset version: expected one version, got ${[...versions]}`);
  const citation = await readFile(join(clone, 'CITATION.cff'), 'utf8');
  if (!citation.includes(`\nversion: ${[...versions][0]}\n`))
    throw new Error('CITATION.cff: expected the version that is released');
  const author = ['-c', 'user.name=release', '-c', 'user.email=release@localhost'];
  await run('git', [...author, 'commit', '--quiet', '--all', '--message', 'release'], inClone);
  return [...versions][0];
}

/** As `pnpm release` does, which adds a provenance that only the workflow can give. */
async function publish() {
  const place = registry.url.slice('http:'.length);
  await writeFile(join(clone, '.npmrc'), `registry=${registry.url}/\n${place}/:_authToken=rehearsal\n`);
  const args = ['--recursive', 'publish', '--access', 'public', '--no-git-checks', '--embed-readme'];
  await run('pnpm', args, inClone);
  const missing = [...names].filter((name) => !registry.documents.has(name));
  const others = [...registry.documents.keys()].filter((name) => !names.has(name));
  if (missing.length + others.length > 0) throw new Error(`publish: missing ${missing}; not to be published ${others}`);
}

/** Tarballs, as they came, and changelogs. */
async function checkPackages(version) {
  const wrong = [];
  for (const { name, folder } of packages) {
    const { tarball } = registry.documents.get(name);
    const file = join(scratch, 'package.tgz');
    await writeFile(file, tarball);
    const { stdout } = await run('tar', ['tzf', file]);
    const files = stdout
      .trim()
      .split('\n')
      .map((path) => path.replace('package/', ''));
    const manifest = JSON.parse((await run('tar', ['xzOf', file, 'package/package.json'])).stdout);
    const changelog = await readFile(join(clone, folder, 'CHANGELOG.md'), 'utf8').catch(() => '');
    console.log(`${name}@${version}: ${files.length} files, ${(tarball.length / 1000).toFixed(0)} kB`);
    const lines = wrongInPackage({ manifest, files, changelog }, version, names);
    wrong.push(...lines.map((line) => `${name}: ${line}`));
  }
  if (wrong.length > 0) throw new Error(`expected packages that can be published, got\n${wrong.join('\n')}`);
}

/** All packages in a folder that has nothing, the README's lines, and commands by npx. */
async function asNewcomer(version) {
  const app = join(scratch, 'app');
  const paths = await install(app, [...names], { registry: registry.url });
  const installed = await Promise.all(
    paths.map(async (path) => {
      const { name, license } = await manifestOf(path, app).catch(() => ({}));
      // What is for another platform is named in the lock file, and is not there.
      return name === undefined || names.has(name) ? [] : [{ name, license }];
    }),
  );
  const wrong = wrongLicences(installed.flat());
  console.log(`${installed.flat().length} packages of others, each under a licence that a product can take`);
  if (wrong.length > 0) throw new Error(`licences of dependencies: ${wrong.join('; ')}`);

  const pictures = join(root, 'apps/docs/site/public/photos');
  await cp(pictures, app, { recursive: true });
  const code = (await readFile(join(root, 'README.md'), 'utf8')).split('\n```js\n')[1].split('\n```')[0];
  // What the model thinks of a drawing is its own: it is made for photographs.
  const label = await printed(app, `${code}\nconsole.log(best.length, best[0].label);\n`);
  if (!/^3 (?:dog|cat|bicycle)\n$/.test(label)) throw new Error(`README: expected the best of 3 labels, got ${label}`);

  const docs = join(root, 'apps/docs/site');
  for (const page of ['install', 'node']) {
    const folder = join(scratch, page);
    await followStartPage(`start/${page}.md`, { folder, registry: registry.url, docs, pictures });
  }
  await followFirstPage(join(scratch, 'page'), { registry: registry.url, docs, pictures });

  const cache = join(scratch, 'cache');
  const env = { ...process.env, npm_config_registry: `${registry.url}/`, npm_config_cache: cache };
  const npx = async (...args) => (await run('npx', ['--yes', 'diptych', ...args], { cwd: scratch, env })).stdout;
  const number = await npx('--version');
  if (number.trim() !== version) throw new Error(`npx diptych --version: expected ${version}, got ${number}`);
  if (!(await npx('--help')).includes('search')) throw new Error('npx diptych --help: expected the command search');
  if (!(await npx('models')).includes('clip')) throw new Error('npx diptych models: expected the family clip');
}

async function printed(folder, code) {
  await writeFile(join(folder, 'program.mjs'), code);
  return (await run('node', ['program.mjs'], { cwd: folder })).stdout;
}

async function manifestOf(folder, from = clone) {
  return JSON.parse(await readFile(join(from, folder, 'package.json'), 'utf8'));
}
