// Whether six lines or more of code stand in two packages: `node tools/duplicates.mjs`, a part of `pnpm boundaries`. Imports,
// lists of exports, comments and lines of brackets do not count, nor how lines are indented. What may, has its reason in
// docs/decisions.md, under "What stands in two packages"; a pair that is named there and is none is an error too.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const least = 6;
const root = fileURLToPath(new URL('..', import.meta.url));
const globs = ['packages/*/src/**.ts', 'packages/*/assembly/**.ts', 'apps/cli/src/**.ts'];
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...globs], {
  cwd: root,
  encoding: 'utf8',
});
const files = listed.split('\n').filter((path) => path !== '' && existsSync(root + path));

/** Code of a file: `{ path, code: [{ at, line }] }`, `at` counted from 1. */
function read(path) {
  const text = readFileSync(root + path, 'utf8');
  const blank = (part) => part.replaceAll(/[^\n]+/g, '');
  const bare = text
    .replaceAll(/\/\*\*?[^]*?\*\//g, blank)
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/^import [^]*?;$/gm, blank)
    .replaceAll(/^export (?:type )?\{[^]*?;$/gm, blank);
  const lines = bare.split('\n').map((line, index) => ({ at: index + 1, line: line.trim().replaceAll(/\s+/g, ' ') }));
  return { path, code: lines.filter(({ line }) => /\w/.test(line)) };
}

const pairOf = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);
const packageOf = (path) => path.split('/').slice(0, 2).join('/');

/** Longest runs of equal lines of two packages, by the pair of files. */
function runs(sources) {
  const places = new Map();
  const found = new Map();
  for (const source of sources) {
    for (let from = 0; from + least <= source.code.length; from += 1) {
      const key = textOf(source, from, least);
      for (const other of places.get(key) ?? []) {
        if (packageOf(other.source.path) === packageOf(source.path)) continue;
        const pair = pairOf(other.source.path, source.path);
        const run = { a: other, b: { source, from }, length: lengthOf(other, { source, from }) };
        if (run.length > (found.get(pair)?.length ?? 0)) found.set(pair, run);
      }
      places.set(key, [...(places.get(key) ?? []), { source, from }]);
    }
  }
  return found;
}

function textOf({ code }, from, count) {
  return code
    .slice(from, from + count)
    .map(({ line }) => line)
    .join('\n');
}

function lengthOf(a, b) {
  const alike = (index) => {
    const [one, two] = [a.source.code[a.from + index], b.source.code[b.from + index]];
    return one !== undefined && one.line === two?.line;
  };
  let length = least;
  while (alike(length)) length += 1;
  return length;
}

/** Pairs that docs/decisions.md names: "- `a.ts`, `b.ts`: reason". */
function named() {
  const page = readFileSync(`${root}docs/decisions.md`, 'utf8');
  const [section] = page.split('## What stands in two packages\n')[1].split('\n## ');
  return [...section.matchAll(/^- `([^`]+)`, `([^`]+)`: \S/gm)].map(([, a, b]) => pairOf(a, b));
}

const found = runs(files.map(read));
const allowed = named();
const place = ({ source, from }, length) => {
  return `${source.path}:${source.code[from].at}-${source.code[from + length - 1].at}`;
};
const problems = [
  ...[...found]
    .filter(([pair]) => !allowed.includes(pair))
    .map(([, { a, b, length }]) => `${place(a, length)} stands again in ${place(b, length)}`),
  ...allowed
    .filter((pair) => !found.has(pair))
    .map((pair) => `docs/decisions.md: ${pair.replace(' ', ' and ')} have no ${least} lines alike`),
];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
