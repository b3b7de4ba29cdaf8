import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchChromium } from '../pack-check/runtimes/chromium.mjs';
import { run, withAnnounced } from '../pack-check/runtimes/shell.mjs';
import { expectSame } from './start-page.mjs';

/** Development servers compile what they are asked for, on a machine that may have other work. */
const timeout = 180_000;
const page = 'start/browser.md';

/**
 * Does what the page about a first search in a page says, as pasted into an empty folder: its commands and its files, then in a
 * browser what a visitor does.
 *
 * @param registry Where `npm` gets everything.
 * @param pictures A folder of those that the visitor picks.
 */
export async function followFirstPage(folder, { registry, docs, pictures }) {
  const text = await readFile(join(docs, page), 'utf8');
  const [making, starting] = blocks(text, 'sh');
  const [index] = blocks(text, 'html');
  const [main, embedder, mainOfWorker] = blocks(text, 'ts');
  const [shown] = blocks(text, 'txt');
  const env = {
    ...process.env,
    npm_config_registry: `${registry}/`,
    npm_config_cache: join(folder, 'cache'),
    // Whoever is asked whether a program may be fetched says yes.
    npm_config_yes: 'true',
    NO_COLOR: '1',
  };
  await mkdir(folder, { recursive: true });
  await run(`set -e\n${making}`, { folder, env });

  const project = join(folder, 'first-page');
  await writeFile(join(project, 'index.html'), index);
  await writeFile(join(project, 'src/main.ts'), main);
  const files = (await readdir(pictures)).map((name) => join(pictures, name));
  const browser = await launchChromium();
  try {
    // One server for both: whoever follows the page leaves it running, and Vite starts no second for a project.
    await withAnnounced(starting, { folder: project, env }, async (url) => {
      expectSame(page, await foundIn(await browser.newPage(), url, files), shown);
      await writeFile(join(project, 'src/embedder.ts'), embedder);
      await writeFile(join(project, 'src/main.ts'), mainOfWorker);
      const said = /console\.log\(.*\); \/\/ (.*)$/m.exec(mainOfWorker)[1];
      expectSame(page, await printedBy(await browser.newPage(), url), said);
    });
  } finally {
    await browser.close();
  }
}

const blocks = (text, info) =>
  text
    .split(`\n\`\`\`${info}\n`)
    .slice(1)
    .map((rest) => rest.split('\n```')[0]);

/** The first line that the page shows of what a visitor looks for. */
async function foundIn(tab, url, files) {
  tab.setDefaultTimeout(timeout);
  await tab.goto(url);
  // The server loads the page again once it knows all that the page imports, and what was picked is gone.
  await tab.waitForLoadState('networkidle');
  await tab.locator('#files').setInputFiles(files);
  await tab.locator('#words').fill('Hund');
  await tab.locator('#words').press('Enter');
  return tab.locator('#found li').first().innerText();
}

async function printedBy(tab, url) {
  const printed = tab.waitForEvent('console', { predicate: (message) => message.type() === 'log', timeout });
  // Both at once, for a failure of the one would hide the other's; the server may load the page again while it is still loading.
  const [message] = await Promise.all([printed, tab.goto(url, { timeout, waitUntil: 'commit' })]);
  return message.text();
}
