// Compiles assembly/ to src/image/simd/diptych-resize.wasm, unless that is newer than all sources.
import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const sources = fileURLToPath(new URL('../assembly/', import.meta.url));
const to = fileURLToPath(new URL('../src/image/simd/diptych-resize.wasm', import.meta.url));
// The kernels own no memory: no runtime, no data, every address comes from the host.
const options = '--optimizeLevel 3 --noAssert --runtime stub --importMemory --initialMemory 0 --enable simd'.split(' ');

const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const inputs = readdirSync(sources).map((name) => join(sources, name));
const newest = Math.max(changed(fileURLToPath(import.meta.url)), ...inputs.map(changed));

if (changed(to) <= newest) {
  // Renamed when whole: another package's tests may be reading the old one.
  const unfinished = `${to}.${process.pid}`;
  const said = [];
  const stderr = { write: (text) => said.push(text) };
  const { error } = await main(['index.ts', '--baseDir', sources, '--outFile', unfinished, ...options], { stderr });
  if (error) throw new Error(`${to}: ${error.message}\n${said.join('')}`);
  renameSync(unfinished, to);
}
