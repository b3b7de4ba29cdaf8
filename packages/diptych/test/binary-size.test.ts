import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const { resolve } = createRequire(import.meta.url);

it('all builds of all kernels together are at most 100 kB, gzipped', () => {
  const folders = ['backend-wasm/src/wasm', 'preprocessing/src/image/simd'].map((path) => {
    const [name, ...rest] = path.split('/');
    return join(dirname(resolve(`@diptych/${name}/package.json`)), ...rest);
  });
  const ours = folders.flatMap((folder) =>
    readdirSync(folder).flatMap((name) => (/^diptych-.*\.wasm$/.test(name) ? [join(folder, name)] : [])),
  );
  const total = ours.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
  console.log(`${ours.length} binaries of ${total} bytes, gzipped`);
  expect(ours.length).toBeGreaterThan(4);
  expect(total).toBeLessThanOrEqual(100_000);
});
