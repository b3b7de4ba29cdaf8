// Copies the binaries of tfjs-backend-wasm beside src and dist, where one relative URL finds them in Node,
// in bundlers and in plain modules. Its npm package offers no URL that a browser could resolve.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const from = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const to = fileURLToPath(new URL('../wasm/', import.meta.url));
mkdirSync(to, { recursive: true });
for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
  copyFileSync(join(from, name), join(to, name));
}
