import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addFolder, shown, status } from './folder.ts';
import { type Served, served } from './served.ts';

const evil = 'https://evil.example';
const script = `<script>fetch('${evil}/script')</script><img src="${evil}/image" onerror="document.title='run'">`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" onload="document.title='run'">
  <image href="${evil}/svg-image" width="64" height="64"/><use href="${evil}/svg-use#a"/>
  <style>@import url('${evil}/svg-style');</style><script>fetch('${evil}/svg-script')</script>
</svg>`;
const hostileName = `<img src=x onerror=document.title='run'>"'&.jpg`;

/** Pictures that would ask or run something, if they could. */
async function hostileFolder(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'photos-')), '<b>holiday<');
  await mkdir(folder);
  const colours = sharp({ create: { width: 64, height: 64, channels: 3, background: '#c33' } });
  const exif = { IFD0: { ImageDescription: script, Artist: script, Copyright: `${evil}/exif` } };
  await writeFile(join(folder, hostileName), await colours.clone().jpeg().toBuffer());
  await writeFile(join(folder, 'exif.jpg'), await colours.clone().withExif(exif).jpeg().toBuffer());
  await writeFile(join(folder, 'drawing.svg'), svg);
  await writeFile(join(folder, 'drawing.png'), svg);
  return folder;
}

describe('while photos are indexed and looked at', () => {
  let site: Served;
  let context: BrowserContext;
  let page: Page;
  let folder: string;
  const requests: string[] = [];
  beforeAll(async () => {
    [site, folder] = await Promise.all([served(inject('built')), hostileFolder()]);
    context = await site.browser.newContext();
    // Of all pages, their workers and the service worker.
    context.on('request', (request) => requests.push(request.url()));
    page = await context.newPage();
    await page.goto(site.url);
    await addFolder(page, folder);
    await status(page, /can be searched/);
  });
  afterAll(async () => {
    await site.close();
    await rm(join(folder, '..'), { recursive: true });
  });

  it('hostile names and EXIF are text', async () => {
    expect((await shown(page)).toSorted()).toEqual([hostileName, 'exif.jpg'].toSorted());
    await page.getByTitle(hostileName).click();
    await page.getByRole('heading', { level: 2, name: hostileName }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    expect(await page.title()).toBe('Photos by words');
  });

  it('drawings that would load and run something are left out, whatever their name', async () => {
    await page.getByRole('link', { name: 'Folders' }).click();
    const left = page.getByRole('region', { name: '2 files left out' });
    await left.waitFor();
    const lines = await left.getByRole('listitem').allTextContents();
    expect(lines.map((line) => line.split(' ')[0]!).toSorted()).toEqual(['drawing.png', 'drawing.svg']);
    expect(await page.title()).toBe('Photos by words');
  });

  it('every view asks its own origin alone', async () => {
    await page.getByRole('searchbox').fill(`${script} -${evil}/query`);
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    for (const [view, heading] of [
      ['Map', 'Map'],
      ['Groups', 'Groups'],
      ['Duplicates', 'Near-duplicates'],
    ] as const) {
      await page.getByRole('link', { name: view }).click();
      await page.getByRole('heading', { level: 2, name: heading }).waitFor();
    }
    await page.getByText('1 group; 1 photo to spare').waitFor();
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter((url) => !url.startsWith(site.url) && !url.startsWith(`blob:${site.url}`))).toEqual([]);
    expect(await page.title()).toBe('Photos by words');
  });
});
