// Writes the packages' graph into docs/architecture.md; with --check it only compares, and looks whether each file that
// the page names is there.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/architecture.md');
const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Floors from the ground up, as `turbo boundaries` has them. */
const floors = Object.keys(read('turbo.json').boundaries.tags);

const packages = ['packages', 'apps', 'apps/examples']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map((folder) => {
    const { name, description, dependencies = {} } = read(`${folder}/package.json`);
    const [floor] = read(`${folder}/turbo.json`).tags;
    const own = Object.keys(dependencies).filter((other) => dependencies[other].startsWith('workspace:'));
    return { name, description, folder, floor, own: own.toSorted() };
  })
  .toSorted((a, b) => floors.indexOf(a.floor) - floors.indexOf(b.floor) || a.name.localeCompare(b.name));

const id = (name) => name.replace('@diptych/', '').replaceAll('-', '_');

/** Arrows that others imply are left out: every package but core needs core. */
function reduced({ own }, byName) {
  const beyond = new Set(own.flatMap((other) => [...reach(byName.get(other), byName)]));
  return own.filter((other) => !beyond.has(other));
}

function reach({ own }, byName) {
  return new Set(own.flatMap((other) => [other, ...reach(byName.get(other), byName)]));
}

function drawn() {
  const byName = new Map(packages.map((each) => [each.name, each]));
  const lines = ['```mermaid', 'graph BT'];
  for (const floor of floors) {
    const here = packages.filter((each) => each.floor === floor);
    if (here.length === 0) continue;
    lines.push(`  subgraph ${floor}`, ...here.map(({ name }) => `    ${id(name)}["${name}"]`), '  end');
  }
  for (const each of packages) {
    for (const other of reduced(each, byName)) lines.push(`  ${id(each.name)} --> ${id(other)}`);
  }
  const rows = packages.map(({ name, folder, floor, description }) => {
    return `| [\`${name}\`](../${folder}) | ${floor} | ${description ?? ''} |`;
  });
  return [...lines, '```', '', '| package | floor | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}

const [begin, end] = ['<!-- graph: tools/architecture.mjs -->', '<!-- end of graph -->'];
const text = readFileSync(page, 'utf8');
const [before, rest] = text.split(begin);
const [, after] = rest.split(end);
const made = `${before}${begin}\n\n${drawn()}\n\n${end}${after}`;
const gone = [...text.matchAll(/`((?:packages|apps|tools)\/[^`*{]+)`/g)]
  .map(([, path]) => path)
  .filter((path) => !existsSync(join(root, path)));

const plain = (markdown) => markdown.replaceAll(/[ -]+/g, ' ');
const problems = gone.map((path) => `${path}: no such file`);
if (process.argv.includes('--check')) {
  if (plain(made) !== plain(text))
    problems.push('the graph is not what package.json says: node tools/architecture.mjs');
} else writeFileSync(page, made);
if (problems.length > 0) {
  console.error(problems.map((problem) => `docs/architecture.md: ${problem}`).join('\n'));
  process.exitCode = 1;
}
