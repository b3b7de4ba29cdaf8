import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Every publishable package as a tarball in `to`, as `pnpm publish` would send it. */
export async function packAll(root, to) {
  const parents = ['packages', 'apps'];
  const folders = await Promise.all(
    parents.map(async (parent) => (await readdir(join(root, parent))).map((name) => join(root, parent, name))),
  );
  const packed = await Promise.all(folders.flat().map((folder) => pack(folder, to)));
  return packed.filter((one) => one !== undefined);
}

/** Those that a program imports. */
export function libraries(packages) {
  return packages.filter(({ manifest }) => manifest.exports['.']);
}

/** Every import that the packages make possible. */
export function entryPoints(packages) {
  return libraries(packages).flatMap(({ name, manifest: { exports } }) =>
    Object.keys(exports).flatMap((path) =>
      path.endsWith('.json') || path.includes('*') ? [] : [name + path.slice(1)],
    ),
  );
}

async function pack(folder, to) {
  const source = await json(join(folder, 'package.json'));
  if (!source || source.private) return undefined;
  const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', to], { cwd: folder });
  const { filename, files } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  const manifest = JSON.parse((await run('tar', ['xzOf', filename, 'package/package.json'])).stdout);
  const { tags = [] } = (await json(join(folder, 'turbo.json'))) ?? {};
  rejectMissingFiles(manifest, new Set(files.map(({ path }) => path)));
  return { name: manifest.name, manifest, tarball: filename, tag: tags[0] };
}

/** A path that package.json names and the tarball lacks breaks only for the person who installs it. */
function rejectMissingFiles(manifest, files) {
  const missing = [...paths(manifest.exports), ...paths(manifest.bin)].filter((path) => !named(path, files));
  if (missing.length > 0) throw new Error(`${manifest.name}: its tarball lacks ${missing.join(', ')}`);
}

/** A path with a star names whatever is there, one file at least. */
function named(path, files) {
  const [start, end] = path.slice(2).split('*');
  if (end === undefined) return files.has(start);
  return [...files].some((file) => file.startsWith(start) && file.endsWith(end));
}

function paths(value) {
  if (typeof value === 'string') return [value];
  return Object.values(value ?? {}).flatMap(paths);
}

async function json(path) {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
