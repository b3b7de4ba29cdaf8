import axe from 'axe-core';
import type { Page } from 'playwright';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shown, status } from './folder.ts';
import { type Served, served } from './served.ts';

const views = ['Photos', 'Tags', 'Map', 'Groups', 'Duplicates', 'Folders', 'Model'];

describe('the samples', () => {
  let site: Served;
  let page: Page;
  beforeAll(async () => {
    site = await served(inject('built'));
    page = await site.browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Try 24 samples' }).click();
    await status(page, /24 photos can be searched/);
  });
  afterAll(() => site.close());

  /** Bytes of what a button saves, and its name. */
  const saved = async (name: string): Promise<[name: string, bytes: Buffer]> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name, exact: true }).click(),
    ]);
    return [download.suggestedFilename(), await readFile(await download.path())];
  };

  it('are found by words, and looked at, by keyboard alone', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('pizza');
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    await expect.poll(async () => (await shown(page))[0]).toBe('pizza.webp');
    const first = page.getByRole('button', { name: 'pizza.webp' });
    for (let i = 0; i < 20 && !(await first.evaluate((tile) => tile === document.activeElement)); i++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'pizza.webp' }).waitFor();
    await page.keyboard.press('ArrowRight');
    const second = (await shown(page))[1]!;
    await page.getByRole('dialog', { name: second }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('are found by one of them, which is the first', async () => {
    await page.getByRole('searchbox').fill('pizza');
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    await page.getByRole('button', { name: 'pizza.webp' }).click();
    await page.getByRole('button', { name: 'More like this' }).click();
    await page.getByText('like pizza').waitFor();
    await expect.poll(async () => (await shown(page)).slice(0, 2)).toEqual(['pizza.webp', 'pizza, copy.webp']);
    await page.getByRole('button', { name: 'No picture' }).click();
  });

  it('are counted for tags, which are saved as CSV', async () => {
    await page.getByRole('link', { name: 'Tags' }).click();
    await page.getByLabel('New tags').fill('pizza, submarine');
    await page.keyboard.press('Enter');
    await page
      .getByRole('listitem')
      .filter({ hasText: /^pizza\s*2 photos/ })
      .waitFor();
    const [name, bytes] = await saved('Export CSV');
    expect(name).toBe('tags.csv');
    const [head, ...lines] = bytes.toString().trim().split('\r\n');
    expect(head).toBe('source,path,tag,score');
    const ofPizza = lines.filter((line) => line.includes(',pizza,'));
    expect(ofPizza.map((line) => line.replace(/[\d.]+$/, '')).toSorted()).toEqual([
      'Samples,"pizza, copy.webp",pizza,',
      'Samples,pizza.webp,pizza,',
    ]);
  });

  it('are saved as .npy and JSONL', async () => {
    await page.getByRole('link', { name: 'Model' }).click();
    const [name, bytes] = await saved('Export .npy');
    expect(name).toBe('photos-emoji.npy');
    const begin = 10 + bytes.readUInt16LE(8);
    expect(begin % 64).toBe(0);
    const head = /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(bytes.toString('latin1'))!;
    const [n, dim] = [Number(head[1]), Number(head[2])];
    expect([n, bytes.length]).toEqual([24, begin + n * dim * 4]);
    const row = new Float32Array(bytes.buffer.slice(bytes.byteOffset + begin, bytes.byteOffset + begin + dim * 4));
    expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    const [, lines] = await saved('Export JSONL');
    const photos = lines
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { path: string; width: number });
    expect(photos.length).toBe(24);
    expect(photos.find(({ path }) => path === 'elephant.webp')).toMatchObject({
      source: 'Samples',
      width: 480,
      height: 480,
    });
  });

  it.each(['light', 'dark'] as const)('violate no rule of axe in any view, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const view of views) {
      await page.getByRole('link', { name: view, exact: true }).click();
      await page.getByText('Loading …').waitFor({ state: 'detached' });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      expect(violations.map(({ id, nodes }) => `${view}: ${id}: ${nodes[0]!.html}`)).toEqual([]);
    }
    await page.getByRole('link', { name: 'Photos', exact: true }).click();
    await page.getByRole('listitem').getByRole('button').first().click();
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).click();
  });
});
