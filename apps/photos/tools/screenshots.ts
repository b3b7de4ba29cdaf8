// Pictures of the page for the READMEs: node --conditions=@diptych/source --import tsx apps/photos/tools/screenshots.ts
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { status } from '../test/folder.ts';
import { buildTo } from '../test/build.ts';
import { served } from '../test/served.ts';

const out = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

const sizes = {
  1440: { viewport: { width: 1440, height: 860 }, deviceScaleFactor: 1 },
  390: { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2 },
} as const;

const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async search(page) {
    await page.getByRole('searchbox').fill('pizza');
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    await page.getByText(/stand/).waitFor();
  },
  async map(page) {
    await page.getByRole('link', { name: 'Map' }).click();
    await page.getByRole('application', { name: '24 of them in view' }).waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
  },
};

const outDir = await mkdtemp(join(tmpdir(), 'photos-'));
await buildTo(outDir);
const site = await served(outDir);
await mkdir(out, { recursive: true });
for (const [width, size] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await site.browser.newContext({ ...size, colorScheme });
    const page = await context.newPage();
    await page.goto(site.url);
    await page.getByRole('button', { name: /samples/ }).click();
    await status(page, /^24 .*can be searched/);
    for (const [view, show] of Object.entries(views)) {
      await show(page);
      await page.mouse.move(0, 0);
      await page.waitForTimeout(1000);
      const picture = sharp(await page.screenshot()).webp({ quality: 82 });
      await picture.toFile(`${out}photos-${view}-${width}-${colorScheme}.webp`);
    }
    await context.close();
  }
}
await site.close();
await rm(outDir, { recursive: true });
