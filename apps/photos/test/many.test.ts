import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shown, status } from './folder.ts';
import { fill, type Served, served } from './served.ts';

const count = process.env['DIPTYCH_LONG'] ? 20_000 : 3000;
const said = count.toLocaleString('en-GB');

/** More than a screen of tiles needs, and next to nothing of all photos. */
const mostElements = 600;

describe(`${said} photos`, () => {
  let site: Served;
  let page: Page;
  beforeAll(async () => {
    site = await served(inject('built'));
    page = await site.browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(100_000); // On a loaded machine the main axes of 20,000 rows take more than half a minute.
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Try 24 samples' }).waitFor();
    await fill(page, site, count);
    await status(page, new RegExp(`^${said} photos can be searched`));
  }, 600_000);
  afterAll(() => site.close());

  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);

  it('are a page of few elements, wherever it is scrolled to', async () => {
    for (const share of [0, 0.5, 1]) {
      await page.evaluate((at) => window.scrollTo(0, at * document.body.scrollHeight), share);
      const at = page.getByRole('listitem').and(page.locator(`[aria-posinset="${share === 1 ? count : 1}"]`));
      await at.waitFor({ state: share === 0.5 ? 'detached' : 'attached' });
      expect(await elements()).toBeLessThan(mostElements);
    }
    await page.evaluate(() => window.scrollTo(0, 0));
  });

  it('are searched to the last: a copy is found beside its photo', async () => {
    await page.getByTitle('photo 4.jpg').click();
    await page.getByRole('button', { name: 'More like this' }).click();
    await page.getByText('like photo 4.jpg').waitFor();
    await expect.poll(async () => (await shown(page)).slice(0, 2)).toEqual(['photo 4.jpg', 'photo 5.jpg']);
    const first = page.getByRole('listitem').first();
    expect(await first.getAttribute('aria-setsize')).toBe(String(count));
    expect(await elements()).toBeLessThan(mostElements);
    await page.getByRole('button', { name: 'No picture' }).click();
  });

  it('are counted for tags', async () => {
    await page.getByRole('link', { name: 'Tags' }).click();
    await page.getByLabel('New tags').fill('dog, castle');
    await page.keyboard.press('Enter');
    for (const word of ['dog', 'castle']) {
      const line = page.getByRole('listitem').filter({ hasText: word });
      await expect.poll(() => line.textContent()).toMatch(/\d+ photo/);
    }
  });

  it('are drawn on the map, and selected', async () => {
    await page.getByRole('link', { name: 'Map' }).click();
    await page.getByRole('button', { name: 'By main axes' }).click();
    const map = page.getByRole('application', { name: `Map of ${count} photos, ${count} of them in view` });
    await map.press('Enter');
    await page.getByText(`${said} selected`).waitFor();
    const painted = await map.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
    expect(painted).toBeGreaterThan(1000);
    expect(await elements()).toBeLessThan(mostElements);
  });

  it('are compared, all with all', async () => {
    await page.getByRole('link', { name: 'Duplicates' }).click();
    await page.getByText('10 groups; 10 photos to spare').waitFor({ timeout: 300_000 });
    expect(await elements()).toBeLessThan(mostElements);
  });
});
