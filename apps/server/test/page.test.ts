import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disc, givenServer } from './given-server.ts';

const slow = { timeout: 20_000 };

describe('the page to try the server', () => {
  const given = givenServer({ apiKeys: 'secret-key' });
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await browser.newPage();
    await page.goto(given().server.url);
  });
  afterAll(() => browser.close());

  const status = () => page.getByRole('status');
  const line = () => page.locator('pre');
  const tryIt = async (): Promise<void> => page.getByRole('button', { name: 'Try it' }).click();

  it('says what is refused', async () => {
    await tryIt();
    await expect.poll(async () => status().textContent(), slow).toMatch(/^401: /);
  });

  it('ranks labels for a text, and prints the line for a terminal without the key', async () => {
    await page.getByLabel('API key').fill('secret-key');
    await tryIt();
    await expect.poll(async () => status().locator('label').first().textContent(), slow).toMatch(/^apple /);
    expect(await line().textContent()).toBe(
      `curl ${given().server.url}/classify -H 'Authorization: Bearer …' -H 'Content-Type: application/json' ` +
        `-d '{"model":"emoji","input":[{"text":"a red apple"}],"labels":["apple","dog","car"]}'`,
    );
  });

  it('shows the numbers of an image where no labels are asked for', async () => {
    await page.getByLabel('Labels').fill('');
    await page.getByLabel('Image').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: await disc('red') });
    await tryIt();
    const [first = 0] = (await given().space.embed('image', [await disc('red')])).data;
    await expect.poll(async () => status().textContent(), slow).toContain(`numbers: ${first.toFixed(4)}, `);
    expect(await line().textContent()).toContain('base64,');
  });

  it.each((['light', 'dark'] as const).flatMap((colorScheme) => [390, 1440].map((width) => ({ colorScheme, width }))))(
    'violates no rule of axe and fits the screen, $colorScheme at $width pixels',
    async ({ colorScheme, width }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    },
  );
});
