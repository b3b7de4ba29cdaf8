// Copies the binaries of tfjs-backend-wasm beside src and dist, where one relative URL finds them in Node,
// in bundlers and in plain modules. Its npm package offers no URL that a browser could resolve.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const from = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const to = fileURLToPath(new URL('../wasm/', import.meta.url));
mkdirSync(to, { recursive: true });
for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
  copyFileSync(join(from, name), join(to, name));
}
writeFileSync(
  join(to, 'tfjs-backend-wasm-simd-shared.wasm'),
  sharing(readFileSync(join(from, 'tfjs-backend-wasm-simd.wasm'))),
);

/** The same module over a memory that threads may share, which one bit says: its limits, of 256 to 65,536 pages. */
function sharing(binary) {
  const memorySection = Buffer.from([5, 7, 1, 1, 0x80, 2, 0x80, 0x80, 4]);
  const at = binary.indexOf(memorySection);
  if (at < 0 || binary.indexOf(memorySection, at + 1) >= 0) {
    throw new Error('tfjs-backend-wasm-simd.wasm: expected one memory of 256 to 65536 pages');
  }
  binary[at + 3] |= 2;
  return binary;
}
