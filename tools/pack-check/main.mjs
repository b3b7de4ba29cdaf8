// Proves that what would be published installs and works outside the workspace.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embedInChromium } from './browser.mjs';
import { writeModel } from './model.mjs';
import { install } from './npm.mjs';
import { runByNpx } from './npx.mjs';
import { entryPoints, libraries, packAll } from './pack.mjs';
import { serveRegistry, upstreamRegistry } from './registry.mjs';
import { launchChromium } from './runtimes/chromium.mjs';
import { examples } from './runtimes/examples.mjs';
import { places } from './runtimes/places.mjs';
import { embedInWorkspace } from './runtimes/reference.mjs';
import { runPlace } from './runtimes/run-place.mjs';
import { checkDocs } from './runtimes/table.mjs';
import { typesSample } from './runtimes/types.mjs';
import { packageSize } from './size.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared', import.meta.url));
const limit = 75e6;
const embedPicture = ['embed', '--model', 'public/model', 'public/picture.png'];

const scratch = await realpath(await mkdtemp(join(tmpdir(), 'diptych-')));
const packages = await packAll(root, scratch);
const registry = await serveRegistry(packages, await upstreamRegistry());
try {
  await checkDocs();
  await checkSiblings();
  const app = join(scratch, 'app');
  await checkSize(app, await install(app, ['diptych'], { registry: registry.url }));
  await install(
    app,
    libraries(packages).map(({ name }) => name),
    { registry: registry.url },
  );
  await checkNumbers(app);
  await checkSample();
} finally {
  registry.close();
  await rm(scratch, { recursive: true });
}

/** Packages on one level never bring each other along. */
async function checkSiblings() {
  const tags = new Map(packages.map(({ name, tag }) => [name, tag]));
  for (const { name, tag } of packages) {
    const folder = join(scratch, 'alone', name);
    const paths = await install(folder, [name], { registry: registry.url, resolveOnly: true });
    const names = paths.map((path) => path.slice(path.lastIndexOf('node_modules/') + 13));
    const siblings = names.filter((other) => other !== name && tags.get(other) === tag);
    if (siblings.length > 0) throw new Error(`${name}: installs its siblings ${siblings.join(', ')}`);
    console.log(`${name}: ${names.filter((other) => tags.has(other)).join(' ')} + ${names.length} in all`);
  }
}

async function checkSize(folder, paths) {
  const sizes = await Promise.all(paths.map(async (path) => [path, await packageSize(join(folder, path))]));
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  for (const [path, size] of sizes.toSorted((a, b) => b[1] - a[1])) console.log(`${megabytes(size)}  ${path}`);
  console.log(`${megabytes(total)}  diptych installed for production`);
  if (total > limit) throw new Error(`diptych: expected an install of at most ${megabytes(limit)}`);
}

/** A checkpoint opened by the installed packages gives the same vectors in Node, in Chromium and in a terminal. */
async function checkNumbers(app) {
  if (!existsSync(shared)) {
    if (process.env.CI) throw new Error(`no checkpoint at ${shared}`);
    console.log(`skipped opening a checkpoint: none at ${shared}`);
    return;
  }
  await cp(fileURLToPath(new URL('app', import.meta.url)), app, { recursive: true });
  await writeModel(join(app, 'public/model'), shared);
  await cp(join(shared, 'oracles/pil/clip224_rgb_333x250.png'), join(app, 'public/picture.png'));
  const { stdout } = await run('node', ['node.js', ...entryPoints(packages)], { cwd: app });
  const node = JSON.parse(stdout);
  const { text, image } = node;
  expectClose(
    'Node, in a worker',
    { text: node['text in a worker'], image: node['image in a worker'] },
    { text, image },
  );
  const { served, built } = await embedInChromium(app);
  expectClose('Vite development server', served, node);
  expectClose('Vite build', built, node);
  expectClose('command line', await embedByCommand(app), { image });
  expectClose('npx diptych', await embedByNpx(app), { image });
}

/** A bundler that knows nothing of `new URL('…', import.meta.url)` without its plugin, compilers of declarations, examples. */
async function checkSample() {
  const browser = await launchChromium();
  const esbuild = places.find(({ name }) => name === 'esbuild');
  const reference = await embedInWorkspace(root);
  for (const place of [esbuild, ...typesSample(), ...examples]) {
    const options = { folder: join(scratch, place.name), registry: registry.url, browser, reference };
    for (const { place: name, outcome, why } of await runPlace(place, options)) {
      console.log(`${name}: ${outcome}`);
      if (outcome !== 'yes') throw new Error(`${name}: ${why}`);
    }
  }
  await browser.close();
}

async function embedByCommand(app) {
  const folder = join(scratch, 'command');
  await install(folder, ['@diptych/cli'], { registry: registry.url });
  const command = join(folder, 'node_modules/.bin/diptych');
  const { stdout } = await run(command, embedPicture, { cwd: app });
  return { image: JSON.parse(stdout).embedding };
}

async function embedByNpx(app) {
  const printed = await runByNpx(embedPicture, { folder: app, scratch, registry: `${registry.url}/` });
  return { image: JSON.parse(printed).embedding };
}

function expectClose(where, got, expected) {
  for (const [modality, row] of Object.entries(expected)) {
    const differences = row.map((value, i) => Math.abs(value - got[modality][i]));
    const worst = Math.max(...differences);
    console.log(`${where}, ${modality}: |difference| to Node ${worst.toExponential(1)}`);
    if (!(row.length > 0 && worst <= 1e-5)) throw new Error(`${where}, ${modality}: expected the embedding of Node`);
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`.padStart(8);
}
