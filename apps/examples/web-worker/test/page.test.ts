import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';

it('has the worker that "A first search in a page" shows', async () => {
  const page = await readFile(new URL('../../../docs/site/start/browser.md', import.meta.url), 'utf8');
  const [, shown] = /`src\/embedder\.ts`:\n\n```ts\n([^]*?)```/.exec(page)!;
  expect(await readFile(new URL('../src/embedder.ts', import.meta.url), 'utf8')).toBe(shown);
});

describe('the page', () => {
  let server: ViteDevServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    server = await createServer({ root: fileURLToPath(new URL('..', import.meta.url)), logLevel: 'warn' });
    await server.listen();
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(100_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(?:http:\/\/localhost|data:|blob:)/.test(request.url())) problems.push(request.url());
    });
    await page.goto(server.resolvedUrls!.local[0]!);
    await page.waitForFunction(() => document.querySelector('progress')?.value === 1);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it.each([
    ['shark', 'shark'],
    ['Eisbär', 'polar bear'],
  ])('finds a picture by %s', async (words, name) => {
    await page.getByRole('searchbox').fill(words);
    await page.waitForFunction(
      (text) => document.querySelector('[role=status]')?.textContent?.includes(`“${text}”`),
      words,
    );
    const first = await page.getByRole('listitem').allTextContents();
    expect(first.slice(0, 3)).toContain(name);
  });

  it('finds what is like a picture, that picture first', async () => {
    await page.getByRole('searchbox').fill('');
    await page.getByTitle('More like shark').click();
    expect(await page.getByRole('listitem').first().textContent()).toBe('shark');
  });

  it('has threads, no error, and asks no other server', async () => {
    expect(await page.getByRole('status').textContent()).toMatch(
      /240 pictures embedded in a worker \(wasm, \d+ threads?\)/,
    );
    expect(problems).toEqual([]);
  });
});
