import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { type Image, imageProcessor, parseImageProcessor, toRgb } from '../../packages/preprocessing/src/index.ts';
import { imageDecoder } from '../../packages/preprocessing/src/image/decode.ts';
import { decodeImage } from '../../packages/preprocessing/src/node.ts';
import { decodeWithWasm } from '../../packages/preprocessing/src/node/wasm.ts';
import { readFileOrUrl } from '../../packages/preprocessing/src/node/decode-image.ts';

/** A picture, and what Pillow made of it: upright RGB, or the name of its error. */
interface Case {
  readonly name: string;
  readonly file: string;
  readonly exact: boolean;
  readonly size?: readonly [width: number, height: number];
  readonly rgb?: string;
  /** What the CLIP processor of transformers made of it, `[16, 16, 3]` float32. */
  readonly pixels?: string;
  readonly error?: string;
}

const [count = '300', seed = '1', shown = '0'] = process.argv.slice(2);
const script = fileURLToPath(new URL('pictures.py', import.meta.url));
const { stdout } = spawnSync('python3', [script, count, seed, '40', 'pixels'], {
  encoding: 'utf8',
  maxBuffer: 1 << 30,
});
const cases = JSON.parse(stdout) as readonly Case[];
const preprocess = imageProcessor(parseImageProcessor({ size: { shortest_edge: 16 }, crop_size: 16 }));
const withoutSharp = imageDecoder({ read: readFileOrUrl, decode: decodeWithWasm });
for (const [name, decode] of [
  ['with sharp', decodeImage],
  ['without', withoutSharp],
] as const) {
  const lines = await Promise.all(cases.map(async (one) => difference(one, await ours(decode, one))));
  const different = lines.filter((line) => line !== '');
  if (name === 'with sharp' && different.length > 0) process.exitCode = 1;
  console.log(`${different.length} of ${cases.length} pictures differ ${name}`);
  for (const line of different.slice(0, Number(shown))) console.log(`  ${line}`);
}

async function ours(decode: typeof decodeImage, { file }: Case): Promise<Image | Error> {
  try {
    return await decode(new Uint8Array(Buffer.from(file, 'base64')));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function difference({ name, size, rgb, pixels, error, exact }: Case, got: Image | Error): Promise<string> {
  if (error !== undefined) return got instanceof Error ? '' : `${name}: opened, where Pillow has ${error}`;
  if (got instanceof Error) {
    const excused = 'code' in got && got.code === 'UNSUPPORTED';
    return `${name}: ${excused ? 'needs sharp' : got.message}`;
  }
  if (`${got.width},${got.height}` !== String(size)) return `${name}: ${got.width}x${got.height}, expected ${size}`;
  const off = distance(toRgb(got).data, inflateSync(Buffer.from(rgb!, 'base64')));
  if (off > (exact ? 0 : 2)) return `${name}: up to ${off} in 255`;
  const floats = new Float32Array(new Uint8Array(Buffer.from(pixels!, 'base64')).buffer);
  const apart = distance((await preprocess([got])).pixels, floats);
  return apart > (exact ? 1e-6 : 0.05) ? `${name}: processed, up to ${apart}` : '';
}

function distance(got: ArrayLike<number>, want: ArrayLike<number>): number {
  return Array.from(got).reduce((most, value, i) => Math.max(most, Math.abs(value - want[i])), 0);
}
