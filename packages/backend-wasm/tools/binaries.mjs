// Copies the binaries of tfjs-backend-wasm beside the code that names them. Its npm package offers no URL that a browser
// could resolve.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const from = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const to = fileURLToPath(new URL('../src/wasm/', import.meta.url));

export function copyBinaries() {
  const read = (name) => readFileSync(join(from, name));
  put('tfjs-backend-wasm.wasm', read('tfjs-backend-wasm.wasm'));
  put('tfjs-backend-wasm-simd.wasm', read('tfjs-backend-wasm-simd.wasm'));
  put('tfjs-backend-wasm-simd-shared.wasm', sharing(read('tfjs-backend-wasm-simd.wasm')));
}

/** Once and whole: another package's tests may be reading it. */
function put(name, bytes) {
  const path = join(to, name);
  if (existsSync(path) && bytes.equals(readFileSync(path))) return;
  writeFileSync(`${path}.${process.pid}`, bytes);
  renameSync(`${path}.${process.pid}`, path);
}

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
