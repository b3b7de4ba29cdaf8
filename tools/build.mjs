// `node ../../tools/build.mjs` in a package's folder: declarations by tsc, and the code of each of its entries in one file,
// since what Node takes for each file adds up.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { exports, imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const outputs = new Set(filesOf({ exports, imports }).filter((path) => /^\.\/dist\/.*\.js$/.test(path)));
rmSync('dist', { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json', '--emitDeclarationOnly'], { stdio: 'inherit' });
await build({
  entryPoints: [...outputs].map((path) => path.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
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

/** Every string in the values of a tree. */
function filesOf(tree) {
  return typeof tree === 'string' ? [tree] : Object.values(tree).flatMap(filesOf);
}
