import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { status } from './folder.ts';
import { type Served, served } from './served.ts';

const count = 150;

describe('two tabs of one library', () => {
  let site: Served;
  let context: BrowserContext;
  beforeAll(async () => {
    site = await served(inject('built'));
    context = await site.browser.newContext();
    // The origin's own folder stands for one that the user picks: a handle like any other, which the browser remembers.
    await context.addInitScript(`window.showDirectoryPicker = () => navigator.storage.getDirectory()`);
  });
  afterAll(() => site.close());

  const opened = async (): Promise<Page> => {
    const page = await context.newPage();
    page.setDefaultTimeout(100_000);
    await page.goto(site.url);
    return page;
  };
  const all = new RegExp(`${count} photos can be searched$`);

  it('embed no photo twice: one does, the other says so and shows what comes of it', { timeout: 300_000 }, async () => {
    const first = await opened();
    await first.evaluate(async (files) => {
      const root = await navigator.storage.getDirectory();
      const picture = await (await fetch('samples/castle.webp')).arrayBuffer();
      for (let i = 0; i < files; i++) {
        const out = await (await root.getFileHandle(`castle ${i}.webp`, { create: true })).createWritable();
        await out.write(picture);
        await out.close();
      }
    }, count);
    await first.getByRole('button', { name: 'Add a folder' }).click();
    await first.locator('[role=status]:not([data-rows="0"])').waitFor();
    const second = await opened();
    await second.getByText('Another tab embeds photos').waitFor();
    expect(await second.getByRole('button', { name: 'Pause' }).count()).toBe(0);
    const [one, two] = [await status(first, all), await status(second, all)];
    expect(one).toEqual({ rows: count, embedded: count });
    expect(two).toEqual({ rows: count, embedded: 0 });
    await second
      .getByRole('listitem')
      .first()
      .getByRole('img', { name: /^castle/ })
      .waitFor();
  });

  it('know what the other forgets', { timeout: 300_000 }, async () => {
    const [first, second] = context.pages() as [Page, Page];
    await first.getByRole('link', { name: 'Folders' }).click();
    await first.getByRole('button', { name: /^Forget/ }).click();
    await second.getByRole('button', { name: 'Try 24 samples' }).waitFor();
    await second.getByRole('button', { name: 'Try 24 samples' }).click();
    expect((await status(first, /^24 photos can be searched$/)).embedded).toBe(count);
  });
});
