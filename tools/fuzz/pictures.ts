import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { toRgb } from '../../packages/preprocessing/src/index.ts';
import { imageDecoder } from '../../packages/preprocessing/src/image/decode.ts';
import { decodeImage } from '../../packages/preprocessing/src/node.ts';
import { decodeWithWasm } from '../../packages/preprocessing/src/node/wasm.ts';
import { readFileOrUrl } from '../../packages/preprocessing/src/node/read.ts';

/** A picture, and what Pillow made of it: upright RGB, or the name of its error. */
interface Case {
  readonly name: string;
  readonly file: string;
  readonly exact: boolean;
  readonly size?: readonly [width: number, height: number];
  readonly rgb?: string;
  readonly error?: string;
}

const [count = '300', seed = '1', shown = '0'] = process.argv.slice(2);
const script = fileURLToPath(new URL('pictures.py', import.meta.url));
const { stdout } = spawnSync('python3', [script, count, seed], { encoding: 'utf8', maxBuffer: 1 << 30 });
const cases = JSON.parse(stdout) as readonly Case[];
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

type Made = Awaited<ReturnType<typeof decodeImage>> | Error;

async function ours(decode: typeof decodeImage, { file }: Case): Promise<Made> {
  try {
    return toRgb(await decode(new Uint8Array(Buffer.from(file, 'base64'))));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function difference({ name, size, rgb, error, exact }: Case, got: Made): string {
  if (error !== undefined) return got instanceof Error ? '' : `${name}: opened, where Pillow has ${error}`;
  if (got instanceof Error) {
    const excused = 'code' in got && got.code === 'UNSUPPORTED';
    return `${name}: ${excused ? 'needs sharp' : got.message}`;
  }
  if (`${got.width},${got.height}` !== String(size)) return `${name}: ${got.width}x${got.height}, expected ${size}`;
  const want = inflateSync(Buffer.from(rgb!, 'base64'));
  const off = got.data.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i])), 0);
  return off > (exact ? 0 : 2) ? `${name}: up to ${off} in 255` : '';
}
