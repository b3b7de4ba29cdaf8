import axe from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { status } from './folder.ts';
import { type Served, served } from './served.ts';

describe('of the samples', () => {
  let site: Served;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    site = await served(inject('built'));
    page = await site.browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(site.url);
    await page.getByRole('button', { name: /samples/ }).click();
    await status(page, /^24 .*can be searched/);
  });
  afterAll(() => site.close());

  const violations = async () => {
    await page.evaluate(axe.source);
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations: broken } = await page.evaluate<axe.AxeResults>('axe.run()');
      found.push(...broken.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`));
    }
    return found;
  };

  it('the nearest words of a photo are told', async () => {
    await page.getByTitle('pizza.webp').click();
    expect(await page.getByText('Nearest words: ').innerText()).toMatch(/^Nearest words: .*pizza/);
    await page.keyboard.press('Escape');
  });

  it('the map shows all, and a photo of it can be looked at', async () => {
    await page.getByRole('link', { name: 'Map' }).click();
    await page.getByRole('application', { name: '24 of them in view' }).press('Enter');
    await page.getByText('24 selected').waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Show castle.webp' }).press('Enter');
    await page.getByRole('heading', { name: 'castle.webp' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('groups have distinct names', async () => {
    await page.getByRole('link', { name: 'Groups' }).click();
    await page.getByText('Names are guesses of the model.').waitFor();
    const names = await page.getByRole('heading', { level: 3 }).allInnerTexts();
    expect(names.length).toBe(4);
    expect(new Set(names.map((name) => name.replace(/ \d+$/, ''))).size).toBe(4);
    expect(names.join()).not.toMatch(/Group \d/);
    expect(await violations()).toEqual([]);
  });

  it('the copies are found, and the larger ones kept', async () => {
    await page.getByRole('link', { name: 'Duplicates' }).click();
    await page.getByText('2 groups; 2 photos to spare').waitFor();
    expect(await page.getByRole('radio', { name: /^elephant\.webp/, checked: true }).count()).toBe(1);
    expect(await page.getByRole('radio', { name: /^pizza\.webp/, checked: true }).count()).toBe(1);
    expect(await violations()).toEqual([]);
  });

  it('nothing is said on the console', () => {
    expect(problems).toEqual([]);
  });
});
