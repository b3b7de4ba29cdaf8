import { chromium } from 'playwright';
import { build, createServer, preview } from 'vite';

/** The page's `embedded`, in Chromium, from Vite's development server and from its build. */
export async function embedInChromium(root) {
  const options = { root, configFile: false, logLevel: 'warn' };
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const development = await createServer(options);
    await development.listen();
    const served = await embedded(browser, development);
    await development.close();
    await build(options);
    const production = await preview(options);
    const built = await embedded(browser, production);
    await production.close();
    return { served, built };
  } finally {
    await browser.close();
  }
}

async function embedded(browser, { resolvedUrls }) {
  const page = await browser.newPage();
  await page.goto(resolvedUrls.local[0]);
  // The development server may load the page again, once it has found all imports.
  const result = await (await page.waitForFunction(() => globalThis.embedded)).jsonValue();
  await page.close();
  if (result.error) throw new Error(`in Chromium: ${result.error}`);
  return result;
}
