// The files that a photo passes from `space.embed('image', ['photo.jpg'])` to its vector, with a CLIP model on WASM: those
// of which a function runs after `open`. docs/architecture.md lists them, each with its reason; this fails where it lists
// others, or more than 30. `node --conditions=@diptych/source --import tsx tools/photo-files.mjs`
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blobFiles } from '../packages/files/src/index.ts';
import { open } from '../packages/diptych/src/index.ts';

const most = 30;
const root = fileURLToPath(new URL('..', import.meta.url));
const shared = join(root, '../shared');
const read = (path) => readFile(join(shared, path));

async function tinyClip() {
  return open(
    blobFiles({
      'config.json': new Blob([await read('oracles/tiny_clip/config.json')]),
      'model.safetensors': new Blob([await read('oracles/tiny_clip/model.safetensors')]),
      'preprocessor_config.json': new Blob([JSON.stringify({ size: 32, crop_size: 32 })]),
    }),
  );
}

/** A JPEG as telephones write them: it lies on its side and says so in an EXIF block, orientation 6. */
async function photo() {
  const jpeg = await read('oracles/pil/photo_64x48_q90_420.jpg');
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const block = [...Buffer.from('Exif\0\0'), ...tiff];
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xe1, 0, block.length + 2, ...block]),
    jpeg.subarray(2),
  ]);
}

/** Files of ours with a function that runs in `run`, of the code that is loaded before it or by it. */
async function filesOf(run) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.post('Profiler.takePreciseCoverage');
  await run();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  return result
    .filter(({ url }) => url.startsWith('file:') && !url.includes('/node_modules/'))
    .filter(({ functions }) => functions.some(({ ranges: [whole] }) => whole.startOffset > 0 && whole.count > 0))
    .map(({ url }) => fileURLToPath(url).slice(root.length))
    .filter((path) => /^(packages|apps)\//.test(path));
}

async function passed() {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-photo-'));
  const space = await tinyClip();
  try {
    const path = join(folder, 'photo.jpg');
    await writeFile(path, await photo());
    return await filesOf(() => space.embed('image', [path]));
  } finally {
    space[Symbol.dispose]();
    await rm(folder, { recursive: true });
  }
}

/** Of the page's section, the files that its numbered lines begin with. */
async function listed() {
  const page = await readFile(join(root, 'docs/architecture.md'), 'utf8');
  const [section] = page.split('## A photo becomes a vector\n')[1].split('\n## ');
  return [...section.matchAll(/^\d+\. `([^`]+)`: \S/gm)].map(([, path]) => path);
}

if (existsSync(shared)) {
  const [ran, told] = [await passed(), await listed()];
  const problems = [
    ...ran.filter((path) => !told.includes(path)).map((path) => `${path} runs and is not listed`),
    ...told.filter((path) => !ran.includes(path)).map((path) => `${path} is listed and does not run`),
    ...(ran.length > most ? [`a photo passes ${ran.length} files, more than ${most}`] : []),
  ];
  if (problems.length > 0) {
    console.error(problems.map((problem) => `docs/architecture.md, a photo: ${problem}`).join('\n'));
    process.exitCode = 1;
  }
} else if (process.env.CI) {
  throw new Error('no reference values at ../shared');
} else console.log('photo-files: skipped, no reference values at ../shared');
