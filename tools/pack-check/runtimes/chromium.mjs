import { chromium } from 'playwright';

const settings = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
};

/** Development servers compile what they are asked for, on a machine that may have other work. */
const timeout = 180_000;

export function launchChromium() {
  return chromium.launch(settings);
}

/** What the page at `url` embeds. With `leaveServer`, what it embeds once its service worker is all that answers. */
export async function embeddedBy(browser, url, leaveServer) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const embedded = await embeddedIn(page, url);
    if (!leaveServer) return embedded;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await embeddedIn(page, url); // Into the cache.
    leaveServer();
    return await embeddedIn(page, url);
  } finally {
    await context.close();
  }
}

/** What an unpacked extension embeds, in its page or in its service worker. */
export async function embeddedByExtension(folder, page) {
  const args = [...settings.args, `--disable-extensions-except=${folder}`, `--load-extension=${folder}`];
  const context = await chromium.launchPersistentContext('', {
    ...settings,
    args,
    ignoreDefaultArgs: ['--disable-extensions'],
  });
  try {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker', { timeout: 60_000 }));
    if (page) return await embeddedIn(await context.newPage(), new URL(page, worker.url()).href);
    return resultOf(await worker.evaluate(() => globalThis.embedded), []);
  } finally {
    await context.close();
  }
}

/** What `embedded` of a page resolves to; where it never comes, an error with all that the page complained of. */
async function embeddedIn(page, url) {
  const complaints = [];
  page.on('console', (message) => message.type() !== 'log' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => response.ok() || complaints.push(`${response.status()} ${response.url()}`));
  try {
    await page.goto(url, { timeout });
    await page.waitForFunction(() => globalThis.embedded, undefined, { timeout });
    return resultOf(await page.evaluate(() => globalThis.embedded), complaints);
  } catch (error) {
    throw new Error([error.message, ...complaints].join('\n'), { cause: error });
  }
}

function resultOf(result, complaints) {
  if (result?.error || !result) throw new Error(result?.error ?? 'embedded nothing');
  return { ...result, complaints };
}
