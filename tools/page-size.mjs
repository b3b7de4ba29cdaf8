// `node ../../tools/page-size.mjs open 82` in a package's folder: how many kB, gzipped, a page loads that imports `open` of
// it, and fails above 82. Code behind `import()` is not of it: the sum of everything is what size-limit holds.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const [name, limit] = process.argv.slice(2);
const { name: packageName } = JSON.parse(readFileSync('package.json', 'utf8'));
const { outputFiles, metafile } = await build({
  stdin: { contents: `export { ${name} } from '${packageName}'`, resolveDir: '.' },
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  external: ['@tensorflow/*', 'node:*'],
  outdir: 'page',
  write: false,
  metafile: true,
  logLevel: 'error',
});
const loaded = withImports(entryOf(metafile.outputs), new Set());
const files = outputFiles.filter(({ path }) => [...loaded].some((output) => path.endsWith(`/${output}`)));
const size = files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0) / 1000;
console.log(`${packageName}: a page loads ${size.toFixed(1)} kB, gzipped, for { ${name} }; limit ${limit} kB`);
if (!(files.length > 0 && size <= Number(limit))) process.exit(1);

function entryOf(outputs) {
  return Object.keys(outputs).find((path) => outputs[path].entryPoint === '<stdin>');
}

/** An output and what it imports at once, and so on. */
function withImports(output, found) {
  if (found.has(output)) return found;
  found.add(output);
  for (const { path, kind, external } of metafile.outputs[output].imports) {
    if (kind === 'import-statement' && !external) withImports(path, found);
  }
  return found;
}
