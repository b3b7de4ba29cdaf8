import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { placeFile } from './place-file.mjs';
import { places } from './places.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

const docs = join(root, 'docs/runtimes.md');

/** Puts what came of this run into docs/runtimes.md; what did not run stays as it was. */
export async function writeOutcomes(outcomes) {
  const rows = new Map([...rowsOf(await readFile(docs, 'utf8').catch(() => '')), ...outcomes.map(rowOf)]);
  await writeFile(docs, await page(rows));
  await run('pnpm', ['exec', 'oxfmt', docs], { cwd: root });
}

/** @throws when docs/runtimes.md shows other settings than the places are run with. */
export async function checkDocs() {
  const text = await readFile(docs, 'utf8');
  if (words(text) !== words(await page(rowsOf(text))))
    throw new Error(`${docs} is not of these places: pnpm check:runtimes`);
}

/** A formatter aligns tables. */
function words(text) {
  return text.replaceAll(/[ -]+/g, ' ');
}

const introduction = `# Where it runs

Each row is a project outside this repository that installed the packed packages from a registry, embedded the text
"a red apple" and a picture with \`@diptych/model-emoji\`, and was compared with the vectors of this repository's source in
Node: the difference is the largest of any number. Written by \`pnpm check:runtimes\`; \`pnpm check:runtimes vite\` runs the
places with that in their names. A place is 'yes' on the \`wasm\` backend alone, and with vectors within 1e-6.

Pages have one thread unless they are
[cross-origin isolated](https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated); the built ones here are served
with \`Cross-Origin-Opener-Policy: same-origin\` and \`Cross-Origin-Embedder-Policy: require-corp\`.

Not tested: Electron, whose npm package fetches its program from GitHub, which the machine of these runs cannot reach. Its windows
are pages of Chromium, and its main process is Node.

`;

/** Every way of every place, in order. */
function named() {
  return places.flatMap(({ name, ways, ...place }) =>
    Object.entries(ways).map(([way, how]) => ({ name: way === '' ? name : `${name}, ${way}`, ...place, ...how })),
  );
}

async function page(rows) {
  const lines = named().map(({ name }) => rows.get(name) ?? line(name, '', 'not run yet'));
  const table = [
    line('Place', 'With', 'Outcome', 'Backend', 'Threads', 'Difference', 'Seconds', 'Run'),
    line(...Array.from({ length: 8 }, () => '-')),
    ...lines,
  ];
  return `${introduction}${table.join('\n')}\n\n## Settings\n\nAs the places are run with them.\n${await settings()}`;
}

async function settings() {
  const byText = new Map();
  for (const { name, setting = [] } of named()) {
    const text = (await Promise.all(setting.map(shown))).join('\n');
    if (text) byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [...byText].map(([text, names]) => `\n### ${names.join(' · ')}\n\n${text}`).join('');
}

/** A file of the place, or a line that is not one. */
async function shown(setting) {
  if (setting.includes(' ')) return `${setting}\n`;
  const text = await readFile(placeFile(setting), 'utf8');
  return `\`${basename(setting)}\`\n\n\`\`\`${extname(setting).slice(1).replace('mjs', 'js')}\n${text}\`\`\`\n`;
}

function rowOf({ place, with: versions, outcome, setting, why, backend, threads, difference, seconds }) {
  const told = setting && outcome === 'yes' ? 'yes with a setting' : outcome;
  const reason = why && told.startsWith('no') ? `: ${why.split('\n')[0].slice(0, 120)}` : '';
  const numbers = backend ? [backend, threads, difference.toExponential(0), seconds.toFixed(1)] : ['', '', '', ''];
  return [place, line(place, versions.join(', '), told + reason, ...numbers, new Date().toISOString().slice(0, 10))];
}

function rowsOf(text) {
  return new Map([...text.matchAll(/^\| ([^|]*?) +\|.*$/gm)].map(([row, name]) => [name, row]));
}

function line(...cells) {
  const all = Array.from({ length: 8 }, (_, i) => String(cells[i] ?? '').replaceAll('|', '/'));
  return `| ${all.join(' | ')} |`;
}
