import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Page } from 'playwright';
import { shown, status } from './folder.ts';
import { type Served, served } from './served.ts';

const openPage = async (site: Served): Promise<Page> => {
  const page = await site.browser.newPage();
  await page.goto(site.url);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  return page;
};

describe.each([
  ['a server with headers', true],
  ['a server without headers', false],
])('after the first visit to %s', (_, sendsHeaders) => {
  let site: Served;
  let page: Page;
  let wasIsolated: boolean;
  beforeAll(async () => {
    site = await served(inject('built'), sendsHeaders);
    page = await openPage(site);
    wasIsolated = await page.evaluate(() => crossOriginIsolated);
    await site.server.close();
    await page.reload();
  });
  afterAll(() => site.close());

  it('all of it is there with no server, its samples included', async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    const bytes = await page.evaluate(
      async () => (await (await fetch('samples/castle.webp')).arrayBuffer()).byteLength,
    );
    expect(bytes).toBeGreaterThan(1000);
  });

  it('the samples are embedded and found by words', async () => {
    await page.getByRole('button', { name: /samples/ }).click();
    expect(await status(page, /can be searched/)).toMatchObject({ rows: 24 });
    await page.getByRole('searchbox').fill('pizza');
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    expect((await shown(page)).slice(0, 2).toSorted()).toEqual(['pizza, copy.webp', 'pizza.webp']);
    await page.getByRole('link', { name: 'Duplicates' }).click();
    await page.getByText('2 groups; 2 photos to spare').waitFor();
  });

  it('the page is isolated, as before if the server said so, and bound by the policy', async () => {
    expect([wasIsolated, await page.evaluate(() => crossOriginIsolated)]).toEqual([sendsHeaders, true]);
    const broken = page.waitForEvent('console', (message) => /Content Security Policy/.test(message.text()));
    expect(await page.evaluate(() => fetch('https://example.com/').then(String, () => 'refused'))).toBe('refused');
    expect((await broken).text()).toMatch(/connect-src 'self'/);
  });
});
