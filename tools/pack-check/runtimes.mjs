// Runs the packed packages wherever users run them and writes what came of it into docs/runtimes.md:
// `pnpm check:runtimes [part of a name…]`
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll } from './pack.mjs';
import { serveRegistry, upstreamRegistry } from './registry.mjs';
import { launchChromium } from './runtimes/chromium.mjs';
import { places } from './runtimes/places.mjs';
import { embedInWorkspace } from './runtimes/reference.mjs';
import { runPlace } from './runtimes/run-place.mjs';
import { writeOutcomes } from './runtimes/table.mjs';

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = places.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);
if (chosen.length === 0) throw new Error(`no place is called ${words}: ${places.map(({ name }) => name).join(', ')}`);

/** Most of a place's time goes into waiting. */
const atOnce = 3;
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = await realpath(await mkdtemp(join(tmpdir(), 'diptych-')));
const browser = await launchChromium();
const rows = [];
const waiting = [...chosen];
let registry;
let reference;
let written = Promise.resolve();
try {
  registry = await serveRegistry(await packAll(root, scratch), await upstreamRegistry());
  reference = await embedInWorkspace(root);
  await Promise.all(Array.from({ length: atOnce }, runWaiting));
} finally {
  registry?.close();
  await browser.close();
  await rm(scratch, { recursive: true, force: true });
}
if (rows.some(({ outcome }) => outcome.startsWith('no'))) process.exitCode = 1;

async function runWaiting() {
  for (let place; (place = waiting.shift());) {
    const folder = await mkdtemp(join(scratch, 'place-'));
    const outcomes = await runPlace(place, { folder, registry: registry.url, browser, reference });
    rows.push(...outcomes);
    for (const { place: name, outcome, why } of outcomes) console.log(`${name}: ${outcome}${why ? `\n${why}` : ''}`);
    await (written = written.then(() => writeOutcomes(outcomes)));
    await rm(folder, { recursive: true, force: true });
  }
}
