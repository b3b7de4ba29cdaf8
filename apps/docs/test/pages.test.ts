import { readdir } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { built, serveSite } from '../src/serve-site.ts';

const timeout = 600_000;
let site: Awaited<ReturnType<typeof serveSite>>;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
}, timeout);

afterAll(async () => {
  await browser.close();
  site.close();
});

/** A page, and whatever it complained of or asked of somebody else. */
async function pageOf(path: string): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(timeout);
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url) && !/^(?:data|blob):/.test(request.url())) wrong.push(request.url());
  });
  await page.goto(site.url + path);
  return { page, wrong };
}

it(
  'starts the program of the start page when it is touched, and does what was done before',
  async () => {
    const { page, wrong } = await pageOf('/');
    expect(await page.evaluate(() => '__vue_app__' in document.querySelector('#app')!)).toBe(false);
    // By itself: nothing listens to the button yet.
    await page.getByRole('button', { name: 'Search', exact: true }).dispatchEvent('click');
    await page.locator('#localsearch-input').fill('near duplicates');
    const found = page.locator('.VPLocalSearchBox .result').first();
    await found.waitFor();
    expect(await found.getAttribute('href')).toContain('/guides/duplicates');
    await page.close();

    const other = await pageOf('/');
    await other.page.keyboard.press('Control+k');
    await other.page.locator('#localsearch-input').waitFor();
    await other.page.close();
    expect([...wrong, ...other.wrong]).toEqual([]);
  },
  timeout,
);

// Of the pages alone: their programs change nothing of how wide they are.
it(
  'has no page that is wider than a phone',
  async () => {
    const files = (await readdir(built, { recursive: true })).filter((path) => path.endsWith('.html'));
    const wide: string[] = [];
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    for (const file of files) {
      await page.goto(`${site.url}/${file}`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 390) wide.push(`${file}: ${width}`);
    }
    await page.close();
    expect(files.length).toBeGreaterThan(50);
    expect(wide).toEqual([]);
  },
  timeout,
);

it(
  'measures in the browser of a visitor, and stops when told',
  async () => {
    const { page, wrong } = await pageOf('/your-browser');
    await page.getByRole('button', { name: 'Run the benchmark' }).click();
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    const rows = await page.locator('.bench tbody tr').allInnerTexts();
    const cells = rows.map((row) => row.split('\t').map((cell) => cell.trim()));
    const threads = [...new Set(cells.map((row) => row[5]))];
    expect(threads).toContain('1');
    // Towers, items at once and types of weights, with each number of threads.
    expect(rows).toHaveLength(8 * threads.length);
    for (const [tower, , weights, each, second, , by] of cells) {
      expect(['image', 'text']).toContain(tower);
      expect(['float32', 'int8']).toContain(weights);
      expect(by).toMatch(/^wasm, (?:relaxed-)?simd$/);
      expect(Number(each)).toBeGreaterThan(0);
      expect(Number(second)).toBeGreaterThan(0);
    }

    await page.getByRole('button', { name: 'Run the benchmark' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('status').filter({ hasText: 'Stopped' }).waitFor();
    await page.close();
    expect(wrong).toEqual([]);
  },
  timeout,
);

it.each([
  ['emoji', 'Rakete', /^rocket$/],
  ['photo', 'fruit', /^(?:red apple|banana|strawberry)$/],
])(
  'searches on the start page with the model %s, asking nobody else',
  async (model, words, found) => {
    const { page, wrong } = await pageOf('/');
    await page.getByLabel('Model').selectOption(model);
    await page.getByRole('button', { name: 'Load the model and search' }).click();
    await page.getByRole('status').filter({ hasText: '48 pictures embedded on your machine' }).waitFor();
    await page.getByLabel('Words').fill(words);
    await page.locator('.playground li small').first().waitFor();
    expect(await page.locator('.playground li img').first().getAttribute('alt')).toMatch(found);
    await page.close();
    expect(wrong).toEqual([]);
  },
  timeout,
);
