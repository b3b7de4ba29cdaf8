// What the page keeps the main thread busy with while photos are embedded, how soon the first one is, what is loaded before a
// model, and how long a search among 20,000 photos takes:
// node --conditions=@diptych/source --import tsx apps/photos/tools/measure.ts [photos of Flickr8k, 100] [photos that nobody took, 20000]
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { addFolder, photoFolder, status } from '../test/folder.ts';
import { buildTo } from '../test/build.ts';
import { bytesBeforeModel, fill, served } from '../test/served.ts';

const [photos = 100, many = 20_000] = process.argv.slice(2).map(Number);

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Microseconds, and those of them that the thread had a processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly data?: { readonly [name in 'functionName' | 'type' | 'url']?: string };
  };
}

/** Longest tasks of the page's main thread while something is done, and what most of each was. */
async function longestTasks(browser: Browser, page: Page, work: () => Promise<void>): Promise<string[]> {
  const path = join(tmpdir(), `photos-trace-${process.pid}.json`);
  const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', '__metadata'];
  await browser.startTracing(page, { path, categories });
  await work();
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as { traceEvents: TraceEvent[] };
  await rm(path);
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const ours = traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && mains.has(`${pid} ${tid}`));
  const tasks = ours.filter(({ name }) => name === 'RunTask');
  const busiest = tasks.toSorted((a, b) => busy(b) - busy(a)).slice(0, 8);
  return busiest.map((task) => {
    const inside = ours.filter(
      (each) =>
        each.pid === task.pid &&
        each.ts >= task.ts &&
        each.ts + (each.dur ?? 0) <= task.ts + task.dur! &&
        !tasks.includes(each),
    );
    const parts = inside.toSorted((a, b) => busy(b) - busy(a)).slice(0, 5);
    const told = parts.map((part) => `${part.name} ${named(part)}${milliseconds(busy(part))}`);
    return `${milliseconds(busy(task))} of the processor in ${milliseconds(task.dur!)}: ${told.join(', ')}`;
  });
}

function busy({ tdur, dur = 0 }: TraceEvent): number {
  return tdur ?? dur;
}

function named({ args: { data = {} } }: TraceEvent): string {
  const about = [data.functionName, data.type, data.url?.replace(/^.*\//, '')];
  return about.some(Boolean) ? `(${about.filter(Boolean).join(' ')}) ` : '';
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(1)} ms`;
}

/** Milliseconds from a word's last letter to its first photo. */
async function searched(page: Page, word: string): Promise<number> {
  // No function in here has a name: of those tsx would tell the page something that it does not know.
  return page.evaluate(async (text) => {
    const tile = '[role=list][aria-label="Photos found"] [data-at="0"]';
    const input = document.querySelector<HTMLInputElement>('input[type=search]')!;
    const before = document.querySelector(tile)?.getAttribute('title');
    const begun = performance.now();
    const found = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        const first = document.querySelector(tile)?.getAttribute('title');
        if (first === undefined || first === before) return;
        observer.disconnect();
        resolve(performance.now() - begun);
      });
      observer.observe(document.body, { childList: true, subtree: true, attributes: true });
    });
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    return found;
  }, word);
}

const print = (line: string) => console.log(`[load ${loadavg()[0]!.toFixed(0)}] ${line}`);

const outDir = await mkdtemp(join(tmpdir(), 'photos-'));
await buildTo(outDir);
const site = await served(outDir);
const folder = await photoFolder(photos);
try {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  print(`${((await bytesBeforeModel(page, site.url)) / 1000).toFixed(0)} kB gzipped before the first model`);
  // The service worker keeps all of the page: later visits have it from the disk.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await status(page, /can be searched/);
  const tasks = await longestTasks(site.browser, page, async () => {
    await addFolder(page, folder.path);
    await status(page, new RegExp(`^${photos} photos can be searched`));
  });
  print(`while ${photos} photos of Flickr8k are embedded, the longest tasks:`);
  for (const task of tasks) print(`  ${task}`);
  await page.getByRole('link', { name: 'Folders' }).click();
  await page.getByRole('button', { name: 'Forget holiday' }).click();
  await page.getByRole('button', { name: 'Try 24 samples' }).waitFor();
  await page.reload({ waitUntil: 'commit' });
  const begun = performance.now();
  const since = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  await addFolder(page, folder.path);
  const shown = since();
  const times = await Promise.all([
    page.getByRole('status').filter({ hasNotText: 'Opening the model' }).waitFor().then(since),
    page.locator('[role=status]:not([data-rows="0"])').waitFor().then(since),
  ]);
  print(`a visit with a warm cache: shown after ${shown}, model open ${times[0]}, first photos embedded ${times[1]}`);
  await context.close();

  const other = await site.browser.newPage({ viewport: { width: 1280, height: 800 } });
  await other.goto(site.url);
  await other.getByRole('button', { name: 'Try 24 samples' }).waitFor();
  await fill(other, site, many);
  await status(other, new RegExp(`^${many.toLocaleString('en-GB')} photos can be searched`));
  await other.waitForTimeout(2000);
  const waits: number[] = [];
  const busiest = await longestTasks(site.browser, other, async () => {
    for (const word of ['dog', 'red car', 'mountain', 'pizza', 'a boat on a lake', 'zebra', 'church', 'guitar']) {
      waits.push(await searched(other, word));
      await other.waitForTimeout(300);
    }
  });
  const sorted = waits.toSorted((a, b) => a - b);
  print(
    `a search among ${many}: median ${sorted[sorted.length >> 1]!.toFixed(0)} ms, ` +
      `${sorted[0]!.toFixed(0)} to ${sorted.at(-1)!.toFixed(0)}; the longest tasks:`,
  );
  for (const task of busiest.slice(0, 3)) print(`  ${task}`);
} finally {
  await site.close();
  for (const path of [outDir, dirname(folder.path)]) await rm(path, { recursive: true });
}
