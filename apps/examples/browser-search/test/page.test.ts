import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = fileURLToPath(new URL('../../../docs/site/', import.meta.url));

it('is what "A first search in a page" shows', async () => {
  const page = await readFile(`${site}start/browser.md`, 'utf8');
  expect(await readFile(`${root}index.html`, 'utf8')).toBe(/```html\n([^]*?)```/.exec(page)![1]);
  expect(await readFile(`${root}src/main.ts`, 'utf8')).toBe(/```ts\n([^]*?)```/.exec(page)![1]);
});

let server: ViteDevServer;
let browser: Browser;
let page: Page;
const problems: string[] = [];
beforeAll(async () => {
  server = await createServer({ root, logLevel: 'warn' });
  await server.listen();
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  page = await browser.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(server.resolvedUrls!.local[0]!, { timeout: 100_000 });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

it('finds the pictures of a visitor by words', async () => {
  const names = await readdir(`${site}public/photos`);
  const [files, words, found] = [page.locator('#files'), page.locator('#words'), page.locator('#found')];
  await files.setInputFiles(names.map((name) => `${site}public/photos/${name}`));
  // While the model is still being opened.
  await words.fill('Hund');
  await words.press('Enter');
  await found.locator('li').first().waitFor({ timeout: 100_000 });
  expect(await found.locator('li').count()).toBe(names.length);
  expect(await found.locator('li').first().textContent()).toMatch(/^dog\.png 0\.\d\d$/);
  await words.fill('vélo');
  await words.press('Enter');
  await expect
    .poll(() => found.locator('li').first().textContent(), { timeout: 30_000 })
    .toMatch(/^bicycle\.png 0\.\d\d$/);
  expect(problems).toEqual([]);
});
