// Copies tfjs's binaries and compiles assembly/ to src/wasm/diptych-*.wasm, and their interfaces in src, unless those are newer than all sources.
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { copyBinaries } from './binaries.mjs';
import { writeActivations, writeConstants, writeInterface } from './exports.mjs';

const sources = fileURLToPath(new URL('../assembly/', import.meta.url));
const to = fileURLToPath(new URL('../src/wasm/', import.meta.url));
const simd = ['--enable', 'simd'];
const relaxed = [...simd, '--enable', 'relaxed-simd'];
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];
const variants = {
  'diptych-kernels.wasm': ['index.ts', ...simd],
  'diptych-kernels-relaxed.wasm': ['index.ts', ...relaxed],
  'diptych-kernels-threads.wasm': ['threads.ts', ...simd, ...shared],
  'diptych-kernels-relaxed-threads.wasm': ['threads.ts', ...relaxed, ...shared],
  'diptych-algebra.wasm': ['algebra/index.ts', ...simd],
  'diptych-algebra-relaxed.wasm': ['algebra/index.ts', ...relaxed],
  'diptych-search.wasm': ['search/index.ts', ...simd],
  'diptych-search-relaxed.wasm': ['search/index.ts', ...relaxed],
};
// The kernels own no memory: no runtime, no data, every address comes from the host.
const options = '--optimizeLevel 3 --noAssert --runtime stub --importMemory --initialMemory 0'.split(' ');

await writeConstants();
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const inputs = readdirSync(sources, { recursive: true }).map((name) => join(sources, name));
const newest = Math.max(changed(fileURLToPath(import.meta.url)), ...inputs.map(changed));

copyBinaries();
await writeActivations();
const known = new Set();
for (const [name, [entry, ...features]] of Object.entries(variants)) {
  if (changed(join(to, name)) > newest) continue;
  const files = new Map();
  const args = [entry, '--baseDir', sources, '--outFile', name, '--bindings', 'raw', ...options, ...features];
  const said = [];
  const stderr = { write: (text) => said.push(text) };
  const { error } = await main(args, { stderr, writeFile: (path, contents) => files.set(path, contents) });
  if (error) throw new Error(`${name}: ${error.message}\n${said.join('')}`);
  await writeInterface(entry, files.get(name.replace('.wasm', '.d.ts')), known);
  // Renamed when whole: another package's tests may be reading the old one.
  const unfinished = join(to, `${name}.${process.pid}`);
  writeFileSync(unfinished, files.get(name));
  renameSync(unfinished, join(to, name));
}
