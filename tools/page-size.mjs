// `node ../../tools/page-size.mjs open,hfClip 115 dist/text.js` in a package's folder: how many kB, gzipped, a page loads that
// imports these names of it, and that by `import()` which is named, as Vite builds it and without TensorFlow.js; fails above
// 115, or where gradients are reached, whose package is optional. The sum of everything is what size-limit holds.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const [names, limit, ...later] = process.argv.slice(2);
const { name: packageName } = JSON.parse(readFileSync('package.json', 'utf8'));
const page = {
  name: 'page',
  resolveId: (id) => (id === 'page' ? '\0page' : null),
  load: (id) =>
    id === '\0page'
      ? `import { ${names} } from ${JSON.stringify(resolve('dist/index.js'))}; console.log(${names})`
      : null,
};
const { output } = await build({
  configFile: false,
  logLevel: 'error',
  plugins: [page],
  build: { write: false, rollupOptions: { input: 'page', external: [/^@tensorflow\//] } },
});
const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
const loaded = new Set();
for (const [fileName, { isEntry, facadeModuleId }] of chunks) {
  if (isEntry || later.some((end) => facadeModuleId?.endsWith(end))) load(fileName);
}
const size = [...loaded].reduce((sum, file) => sum + gzipSync(chunks.get(file).code, { level: 9 }).length, 0) / 1000;
console.log(`${packageName}: a page loads ${size.toFixed(1)} kB, gzipped, for { ${names} }; limit ${limit} kB`);
const reached = [...chunks.values()].flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
if (reached.includes('@tensorflow/tfjs-layers')) throw new Error('expected no @tensorflow/tfjs-layers');
if (!(loaded.size > later.length && size <= Number(limit))) process.exit(1);

/** A chunk and what it imports at once, and so on. */
function load(fileName) {
  if (loaded.has(fileName) || !chunks.has(fileName)) return;
  loaded.add(fileName);
  for (const imported of chunks.get(fileName).imports) load(imported);
}
