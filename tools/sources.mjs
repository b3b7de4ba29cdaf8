// Whether sources keep to their rooms: what only Node has is imported in `src/node/` and in apps; JSON is parsed by
// `parseJson` of @diptych/core, which judges it first; no file but an entry of its package only exports another; no type is
// said again against the compiler, but in one place where tests give what types forbid; resolvers that know no `exports` find the
// types of every entry of a package; the table of examples names every example.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const list = (...globs) =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...globs], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '' && existsSync(new URL(`../${path}`, import.meta.url)));
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** Who parses JSON itself, and why. */
const parses = {
  'packages/core/src/parse-json.ts': 'this is the reader',
  'packages/checkpoint/src/strict-json.ts': 'a key of what was judged as a whole',
  'packages/retrieval/src/node/file-store/json-scan.ts': 'a string of a record, cut out by a scan of its own',
  'packages/retrieval/src/node/file-store/rows-meta.ts': 'a record, whose length and checksum were judged',
  'apps/cli/src/version.ts': 'its own package.json',
};

/** `node:` by `from` or `import()`, but for types alone. */
const nodeImport = /^(?!import type|export type).*(?:\bfrom |(?<!typeof )\bimport\(|^import )'node:/m;
const reExports = /^(?:\s|\/\*[^]*?\*\/|\/\/.*|export (?:type )?(?:\*|\{[^}]*\}) from '([^']+)';)*$/;

/** Said of a value that the compiler knows to be something else. */
const cast = /\bas \[?(?:never|any|unknown as)\b/;
/** Where tests do, for what types forbid. */
const castsIn = 'tools/golden/src/given.ts';

function problems(path) {
  const text = read(path);
  const inApp = path.startsWith('apps/');
  const found = [];
  if (!inApp && !path.includes('/src/node/') && nodeImport.test(text))
    found.push('imports of Node belong in src/node/');
  if (text.includes('JSON.parse(') && !Object.hasOwn(parses, path))
    found.push('parse JSON by parseJson of @diptych/core');
  const exported = new Set([...text.matchAll(/ from '([^']+)';/g)].map(([, from]) => from));
  if (exported.size === 1 && reExports.test(text) && !isEntry(path)) found.push(`only exports ${[...exported]}`);
  return found.map((problem) => `${path}: ${problem}`);
}

/** Whether a package.json names a file. */
function isEntry(path) {
  const [folder, file] = path.split('/src/');
  return read(`${folder}/package.json`).includes(`./src/${file}`);
}

/** Entries whose types `typesVersions` does not name, as `moduleResolution: node10` asks for them. */
function withoutTypes(path) {
  const { private: own, exports = {}, typesVersions } = JSON.parse(read(path));
  const entries = Object.entries(exports).filter(([entry, { types }]) => !own && entry !== '.' && types);
  const told = (entry) => typesVersions?.['*']?.[entry.slice(2)]?.[0];
  return entries
    .filter(([entry, { types }]) => told(entry) !== types)
    .map(([entry]) => `${path}: typesVersions of ${entry}`);
}

/** Examples that the table of all does not name. */
function withoutRow() {
  const table = read('apps/examples/README.md');
  const folders = new Set(list('apps/examples/*/**').map((path) => path.split('/')[2]));
  return [...folders].filter((name) => !table.includes(`\n| [${name}](${name}) `));
}

const sources = list('packages/*/src/**.ts', 'apps/**/src/**.ts');
const withCasts = list('**.ts').filter((path) => path !== castsIn && cast.test(read(path)));
const unused = Object.keys(parses).filter((path) => !sources.includes(path) || !read(path).includes('JSON.parse('));
const all = [
  ...sources.flatMap(problems),
  ...withCasts.map((path) => `${path}: as never, as any, as unknown as; a test has given() of @diptych/golden`),
  ...list('packages/*/package.json', 'apps/*/package.json').flatMap(withoutTypes),
  ...withoutRow().map((name) => `apps/examples/README.md: no row of ${name}`),
  ...unused.map((path) => `${path}: parses no JSON, tools/sources.mjs says it does`),
];
if (all.length > 0) {
  console.error(all.join('\n'));
  process.exitCode = 1;
}
