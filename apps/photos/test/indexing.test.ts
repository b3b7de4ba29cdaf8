import { copyFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { emoji } from '@diptych/model-emoji';
import { photo } from '@diptych/model-photo';
import { describeGolden } from '@diptych/golden';
import { open } from 'diptych';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { addFolder, keptRows, photoFolder, shown, status } from './folder.ts';
import { type Served, served } from './served.ts';

const count = process.env['DIPTYCH_LONG'] ? 500 : 60;

describeGolden('a folder', () => {
  let site: Served;
  let context: BrowserContext;
  let page: Page;
  let folder: Awaited<ReturnType<typeof photoFolder>>;
  const problems: string[] = [];
  beforeAll(async () => {
    [site, folder] = await Promise.all([served(inject('built')), photoFolder(count)]);
    context = await site.browser.newContext();
    await Promise.all(
      (['notes.txt', 'phone.heic', 'camera.nef', 'broken.jpg'] as const).map((name) =>
        writeFile(join(folder.path, name), 'II*'),
      ),
    );
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(site.url);
  });
  afterAll(async () => {
    await site.close();
    await rm(dirname(folder.path), { recursive: true });
  });

  it('is embedded while it can be searched', async () => {
    await addFolder(page, folder.path);
    await page.getByRole('searchbox').fill('dog');
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    expect(await status(page, /can be searched/)).toEqual({ rows: count, embedded: count });
  });

  it('gives the vectors of Node', async () => {
    const rows = await keptRows(page, 'photo');
    expect(rows.size).toBe(count);
    using space = await open(photo);
    const { data, shape } = await space.embed(
      'image',
      folder.names.map((name) => join(folder.path, name)),
    );
    const differences = folder.names.map((name, i) => {
      const ours = data.subarray(i * shape[1], (i + 1) * shape[1]);
      return Math.max(...rows.get(name)!.map((value, j) => Math.abs(value - ours[j]!)));
    });
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });

  it('tells of each file that is left out in a line', async () => {
    await page.getByRole('link', { name: 'Folders' }).click();
    const left = page.getByRole('region', { name: '4 files left out' });
    await left.waitFor();
    const lines = await left.getByRole('listitem').allTextContents();
    expect(lines.toSorted()).toEqual([
      'broken.jpg damaged, or no picture',
      'camera.nef a RAW file: export it as JPEG',
      'notes.txt not a picture: JPEG, PNG, WebP, AVIF, GIF, BMP and TIFF are read',
      'phone.heic HEIC is not read by this browser: export it as JPEG',
    ]);
    await page.getByRole('link', { name: 'Photos' }).click();
  });

  it('is embedded by another model, as Node does, and by the first no second time', async () => {
    const { embedded } = await status(page, /can be searched/);
    await page.getByRole('link', { name: 'Model' }).click();
    await page.getByLabel('Emoji and icons').click();
    expect(await status(page, new RegExp(`^${count} photos can be searched`))).toEqual({
      rows: count,
      embedded: embedded + count,
    });
    using space = await open(emoji);
    const [name = ''] = folder.names;
    const { data } = await space.embed('image', [join(folder.path, name)]);
    const row = (await keptRows(page, 'emoji')).get(name)!;
    expect(Math.max(...row.map((value, j) => Math.abs(value - data[j]!)))).toBeLessThan(1e-5);
    await page.getByLabel('Photos of things').click();
    expect(await status(page, new RegExp(`^${count} photos can be searched`))).toEqual({
      rows: count,
      embedded: embedded + count,
    });
    await page.getByRole('link', { name: 'Photos', exact: true }).click();
    await page.reload();
    await status(page, /can be searched/);
  });

  it('is found again after a reload, nothing being embedded again', async () => {
    await page.getByRole('searchbox').fill('dog');
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    const before = await shown(page);
    await page.reload();
    expect(await status(page, /can be searched/)).toEqual({ rows: count, embedded: 0 });
    await page.getByRole('searchbox').fill('dog');
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    expect(await shown(page)).toEqual(before);
  });

  it('is read again: what is new or changed is embedded, what is gone is forgotten', async () => {
    const [gone, changed, copied] = folder.names.slice(0, 3).map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    await rm(gone);
    await utimes(changed, 1e9, 1e9);
    await copyFile(copied, join(folder.path, 'new.jpg'));
    await addFolder(page, folder.path);
    await page.getByRole('status').and(page.locator('[data-embedded="2"]')).waitFor();
    expect(await status(page, /can be searched/)).toEqual({ rows: count, embedded: 2 });
    const names = [...(await keptRows(page, 'photo')).keys()];
    expect(names.toSorted()).toEqual([...folder.names.slice(1), 'new.jpg'].toSorted());
  });

  it('is shown without an error', () => {
    expect(problems).toEqual([]);
  });
});
