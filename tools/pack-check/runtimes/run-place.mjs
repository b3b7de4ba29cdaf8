import { cp, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { install } from '../npm.mjs';
import { installHoisted } from './install.mjs';
import { embeddedBy, embeddedByExtension } from './chromium.mjs';
import { placeFile } from './place-file.mjs';
import { serveFolder } from './serve.mjs';
import { run, withServer } from './shell.mjs';

const tolerance = 1e-6;

/** Installs one place's project and embeds there, in each of its ways: a row of the table for each. */
export async function runPlace(place, { folder, registry, browser, reference }) {
  const project = join(folder, 'project');
  const tools = join(folder, 'tools/node_modules');
  const path = [
    join(project, 'node_modules/.bin'),
    join(tools, '.bin'),
    join(tools, nodePackage, 'bin'),
    process.env.PATH,
  ];
  // A shell of a user has no NODE_ENV, which Vite sets in its own process.
  const { NODE_ENV: _, ...own } = process.env;
  const env = { ...own, ...registries(registry, folder), PATH: path.join(delimiter), CI: '1' };
  const shell = { folder: project, env };
  const failed = await setUp(place, { folder, project, registry, shell }).catch((error) => error);
  const rows = [];
  for (const [way, how] of Object.entries(place.ways)) {
    const outcome = failed ? no(failed) : await outcomeOf(how, { shell, browser, reference }).catch(no);
    const name = way === '' ? place.name : `${place.name}, ${way}`;
    rows.push({
      place: name,
      with: [...(place.tools ?? []), ...(place.install ?? [])].filter((wanted) => /.@/.test(wanted)),
      ...outcome,
      setting: how.setting ?? place.setting,
    });
  }
  return rows;
}

const nodePackage = `node-${process.platform}-${process.arch}`;

/** Every package manager asks the same registry, and those that know a package by its version forget it. */
function registries(url, folder) {
  return {
    npm_config_registry: `${url}/`,
    NPM_CONFIG_REGISTRY: `${url}/`,
    BUN_CONFIG_REGISTRY: url,
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_GLOBAL_FOLDER: join(folder, 'yarn'),
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun'),
    DENO_DIR: join(folder, 'deno'),
    YARN_ENABLE_TELEMETRY: '0',
    NEXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
  };
}

async function setUp(place, { folder, project, registry, shell }) {
  const { tools = [], install: wanted, commands = [], files, write = {} } = place;
  // By npm: pnpm takes `bun` and `deno` for runtimes of its own.
  const named = tools.map((tool) => tool.replace(/^node@/, `${nodePackage}@`));
  if (tools.length > 0) await install(join(folder, 'tools'), named, { registry });
  await mkdir(project, { recursive: true });
  if (wanted) await installHoisted(project, wanted, registry);
  for (const path of ['embed.js', 'picture.png', ...files]) await copy(path, project);
  await cp(placeFile('picture.png'), join(project, 'public/picture.png'));
  for (const [name, text] of Object.entries(write)) await writeFile(join(project, name), text);
  await place.prepare?.(project);
  for (const command of commands) await run(command, shell);
}

async function copy(path, project) {
  const isFile = path.includes('.');
  await cp(placeFile(path), isFile ? join(project, path.split('/').at(-1)) : project, { recursive: true });
}

async function outcomeOf(how, { shell, browser, reference }) {
  if (how.build) await run(how.build, shell);
  if (how.prints) return judgeLines(await run(how.run, shell), how.prints);
  if (how.shows) return withServer(how.serve, shell, (url) => judgeAnswer(url + how.get, how.shows));
  const embedded = await embed(how, { shell, browser });
  return { ...embedded, ...judge(embedded, reference, how.impossible) };
}

/** By a command that prints, by an address that answers, by a page or by an extension. */
async function embed(how, { shell, browser }) {
  if (how.run) return lastJson(await run(how.run, shell));
  if (how.extension) return embeddedByExtension(join(shell.folder, how.extension), how.page);
  if (how.serve) return withServer(how.serve, shell, (url) => answerOf(url, how, browser));
  const server = await serveFolder(join(shell.folder, how.folder), how.headers);
  return answerOf(server.url, how, browser, server.close).finally(server.close);
}

function answerOf(url, { get: path, page = '/', offline }, browser, close) {
  return path ? get(url + path) : embeddedBy(browser, url + page, offline && close);
}

async function get(url) {
  return lastJson(await textOf(url));
}

async function textOf(url) {
  const response = await fetch(url);
  const body = await response.text();
  if (!response.ok) throw new Error(`${url}: status ${response.status}\n${body.slice(0, 2000)}`);
  return body;
}

/** An example's answer names first what it was asked for. */
async function judgeAnswer(url, expected) {
  const body = await textOf(url);
  const [first] = /\b(?:apple|bicycle|cat|dog|guitar|pizza|rocket|sunflower)\b(?:\.png)?/.exec(body) ?? [];
  return first === expected
    ? { outcome: 'yes' }
    : { outcome: 'no', why: `answered ${first} first\n${body.slice(0, 2000)}` };
}

/** The vectors among what a program printed, or a page of HTML with them. */
function lastJson(text) {
  const found = /\{"text":[^<]*?\}(?!.*\{"text")/s.exec(text.replaceAll('&quot;', '"'))?.[0];
  if (!found) throw new Error(`printed no vectors:\n${text}`);
  return JSON.parse(found);
}

function judgeLines(printed, expected) {
  const lines = printed.split('\n').flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []));
  if (expected.length > 0 && lines.join('\n') === expected.join('\n')) return { outcome: 'yes' };
  return { outcome: 'no', why: `printed ${JSON.stringify(lines)}, not ${JSON.stringify(expected)}\n${printed}` };
}

/** What cannot run on `wasm` has to say so, in the backend and on the console of its page. */
function judge({ text, image, backend, missing, complaints = [] }, reference, impossible) {
  const difference = Math.max(distance(text, reference.text), distance(image, reference.image));
  const told = missing.length > 0 && complaints.some((complaint) => complaint.includes("computing on 'cpu'"));
  if (backend !== 'wasm' && impossible && told) return { difference, outcome: `impossible: ${impossible}` };
  if (backend !== 'wasm') return { difference, outcome: 'no: slow', why: missing.join('; ') };
  if (impossible) return { difference, outcome: 'no: possible after all' };
  return { difference, outcome: difference <= tolerance ? 'yes' : 'no: other vectors' };
}

function distance(a, b) {
  if (a.length !== b.length || a.length === 0) return Infinity;
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}

function no(error) {
  return { outcome: 'no', why: error.message };
}
