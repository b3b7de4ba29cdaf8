import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { photoFolder, status } from './folder.ts';
import { type Served, served } from './served.ts';

const count = process.env['DIPTYCH_LONG'] ? 500 : 60;

/** Takes the origin's own folder for one that the user picks: a handle like any other, which the browser remembers. */
const pickOurs = `window.showDirectoryPicker = () => navigator.storage.getDirectory()`;

describeGolden('a page that is killed while it embeds', () => {
  let site: Served;
  let context: BrowserContext;
  let folder: Awaited<ReturnType<typeof photoFolder>>;
  beforeAll(async () => {
    [site, folder] = await Promise.all([served(inject('built')), photoFolder(count)]);
    context = await site.browser.newContext();
    await context.addInitScript(pickOurs);
  });
  afterAll(async () => {
    await site.close();
    await rm(dirname(folder.path), { recursive: true });
  });

  const opened = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(site.url);
    return page;
  };

  /** Photos as the origin's files. */
  const fill = async (page: Page) => {
    const files = await Promise.all(
      folder.names.map(async (name) => [name, (await readFile(join(folder.path, name))).toString('base64')] as const),
    );
    await page.evaluate(async (all) => {
      const root = await navigator.storage.getDirectory();
      for (const [name, text] of all) {
        const out = await (await root.getFileHandle(name, { create: true })).createWritable();
        await out.write(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
        await out.close();
      }
    }, files);
  };

  it('has lost nothing: the next reads its folder again and embeds the rest', async () => {
    const page = await opened();
    await fill(page);
    await page.getByRole('button', { name: 'Add a folder' }).click();
    const begun = page.locator('[role=status]:not([data-rows="0"])');
    await begun.waitFor();
    await page.close({ runBeforeUnload: false });
    const next = await opened();
    const { rows, embedded } = await status(next, /can be searched/).then(async (first) =>
      first.rows === count ? first : status(next, new RegExp(`^${count} photos can be searched`)),
    );
    expect(rows).toBe(count);
    expect(embedded).toBeGreaterThan(0);
    expect(embedded).toBeLessThan(count);
    await next.reload();
    expect(await status(next, new RegExp(`^${count} photos can be searched`))).toEqual({ rows: count, embedded: 0 });
  });
});
