// `node ../../tools/build.mjs` in a package's folder: declarations by tsc, and the code of each of its entries in one file,
// since what Node takes for each file adds up, but for files that are named, which bundlers can leave out; with `--files`, all
// files by tsc. What that code reads beside it by
// `new URL('./…', import.meta.url)` lies beside it there too.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { widelyRead } from './declarations.mjs';

const { exports, imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const sourceOf = (path) => path.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
const outputs = new Set(filesOf({ exports, imports }).filter((path) => /^\.\/dist\/.*\.js$/.test(path)));
const byFile = process.argv.includes('--files');
rmSync('dist', { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json', ...(byFile ? [] : ['--emitDeclarationOnly'])], { stdio: 'inherit' });
if (!byFile) {
  await build({
    entryPoints: [...[...outputs].map(sourceOf).filter(existsSync), ...process.argv.slice(2)],
    outdir: 'dist',
    outbase: 'src',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    packages: 'external',
    external: ['#*'],
    chunkNames: '[hash]',
    logLevel: 'warning',
  });
}
for (const path of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
  if (/\.(wasm|js|json|safetensors)$/.test(path)) copyFileSync(`src/${path}`, `dist/${byFile ? path : basename(path)}`);
}
for (const path of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  if (path.endsWith('.d.ts')) writeFileSync(`dist/${path}`, widelyRead(readFileSync(`dist/${path}`, 'utf8')));
}

/** Every string in the values of a tree. */
function filesOf(tree) {
  return typeof tree === 'string' ? [tree] : Object.values(tree).flatMap(filesOf);
}
