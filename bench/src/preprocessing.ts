import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import * as nodeModule from 'node:module';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { clipImageProcessor, type DecodeImage, imageProcessor } from '@diptych/preprocessing';
import { decodeImage } from '@diptych/preprocessing/node';
import sharp from 'sharp';
import { interleave, median, processorClock } from './interleave.ts';

type Resolve = (specifier: string, context: { readonly parentURL?: string }) => { readonly url: string };

/** Node 24 has it, the types of the oldest Node that we support do not. */
const registerHooks = Reflect.get(nodeModule, 'registerHooks') as (hooks: {
  readonly resolve: (...args: [...Parameters<Resolve>, next: Resolve]) => ReturnType<Resolve>;
}) => void;

// From a JPEG file to the pixel values of CLIP, with sharp and without it.
const [width, height, rounds] = [1024, 768, 25];

/** Soft shapes and grain: as large a file as a photograph of this size makes. */
function picture(): Uint8Array {
  let state = 1;
  const grain = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5;
  const samples = Uint8ClampedArray.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    const shapes = 60 * Math.sin(x / 90 + c) + 40 * Math.cos(y / 60 - c) + 20 * Math.sin((x * y) / 5000);
    return 128 + shapes + 24 * grain();
  });
  return new Uint8Array(samples.buffer);
}

/** The package once more, as it is where sharp is not installed. */
async function withoutSharp(): Promise<DecodeImage> {
  const mark = '?without-sharp';
  registerHooks({
    resolve(specifier, context, next) {
      if (!context.parentURL?.endsWith(mark)) return next(specifier, context);
      if (specifier === 'sharp') throw new Error('not installed');
      const found = next(specifier, context);
      return specifier.startsWith('.') ? { ...found, url: found.url + mark } : found;
    },
  });
  const entry = import.meta.resolve('@diptych/preprocessing/node') + mark;
  return ((await import(entry)) as { decodeImage: DecodeImage }).decodeImage;
}

const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-'));
const path = join(folder, 'picture.jpg');
const file = await sharp(picture(), { raw: { width, height, channels: 3 } })
  .jpeg({ quality: 85 })
  .toBuffer();
await writeFile(path, file);

const preprocess = imageProcessor(clipImageProcessor);
const decodeBare = await withoutSharp();
const decoded = await decodeImage(path);
const tasks: Readonly<Record<string, () => unknown>> = {
  'sharp: file to pixel values': async () => preprocess([await decodeImage(path)]),
  'WebAssembly: file to pixel values': async () => preprocess([await decodeBare(path)]),
  'sharp: decode': () => decodeImage(path),
  'WebAssembly: decode': () => decodeBare(path),
  'resize, crop, normalise': () => preprocess([decoded]),
  "sharp's own decode and resize": () => sharp(path).resize(224, 224, { kernel: 'cubic' }).raw().toBuffer(),
};
const names = Object.keys(tasks);
const wall = names.map((): number[] => []);
const timed = names.map((name, i) => async () => {
  const start = performance.now();
  await tasks[name]!();
  wall[i]!.push(performance.now() - start);
});
const times = await interleave(timed, rounds, processorClock);

console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, Node ${process.version}`);
console.log(`JPEG of ${width}x${height}, ${Math.round(file.length / 1000)} kB, to CLIP's 224x224, milliseconds`);
for (const [i, name] of names.entries()) {
  const [middle, least, onWall] = [median(times[i]!), Math.min(...times[i]!), Math.min(...wall[i]!)];
  const [a, b, c] = [middle, least, onWall].map((ms) => ms.toFixed(2).padStart(6));
  console.log(`${name.padEnd(33)} processor ${a}, least ${b}; least on the wall ${c}`);
}
const [one, other] = await Promise.all([decodeImage(path), decodeBare(path)]);
const differ = one.data.reduce((count, v, at) => count + Number(v !== other.data[at]), 0);
console.log(`the decoders differ in ${differ} of ${one.data.length} samples`);
await rm(folder, { recursive: true });
