import type { BrowserContext, Locator, Page } from 'playwright';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shown, status } from './folder.ts';
import { type Served, served } from './served.ts';

/** Takes the origin's own folder for one that the user picks. */
const pickOurs = `window.showDirectoryPicker = () => navigator.storage.getDirectory()`;

/** Copies of a sample: enough to embed that there is time to pause. */
const copies = 60;

// No mouse is moved and no element is clicked: what is done here can be done by keys.
describe('by keyboard alone', () => {
  let site: Served;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    site = await served(inject('built'));
    context = await site.browser.newContext({ viewport: { width: 1024, height: 720 } });
    await context.addInitScript(pickOurs);
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(site.url);
  });
  afterAll(() => site.close());

  const isFocused = async (target: Locator) =>
    (await target.count()) > 0 && (await target.first().evaluate((element) => element === document.activeElement));

  /** What has the focus is marked by an outline, in sight, and nothing lies over it. */
  const isSeen = () =>
    page.evaluate(() => {
      const element = document.activeElement!;
      const marked = element.closest('label, form') ?? element;
      const hasOutline = [element, marked].some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
      });
      const { x, y, width, height } = (element.matches('[type=file]') ? marked : element).getBoundingClientRect();
      const above = document.elementFromPoint(x + width / 2, y + Math.min(height, innerHeight) / 2);
      const isClear = above !== null && (element.contains(above) || marked.contains(above));
      return hasOutline && isClear
        ? ''
        : `${hasOutline ? 'covered' : 'no outline'}: ${element.outerHTML.slice(0, 200)}`;
    });

  const tabTo = async (target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    await target.first().waitFor();
    for (let i = 0; i < 80; i++) {
      if (await isFocused(target)) return;
      await page.keyboard.press(key);
      if (await page.evaluate(() => document.activeElement !== document.body)) expect(await isSeen()).toBe('');
    }
    throw new Error(`no Tab leads to ${String(target)}`);
  };
  const press = async (target: Locator, key = 'Enter') => {
    await tabTo(target);
    await page.keyboard.press(key);
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const view = async (name: string) => {
    await press(page.getByRole('link', { name, exact: true }));
    await page.getByText('Loading …').waitFor({ state: 'detached' });
  };
  const search = async (words: string) => {
    await page.keyboard.press('/');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(words);
  };
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('title'));
  const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' });
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), press(button(name))]);
    return readFile(await download.path());
  };

  it('the samples are added, and the focus goes on to what is shown', async () => {
    await press(button('Try 24 samples'));
    await status(page, /24 photos can be searched/);
    await page.getByRole('list', { name: 'All photos' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('photos are found by words, and by words less words', async () => {
    await search('pizza');
    await expect
      .poll(async () => (await shown(page)).slice(0, 2).toSorted())
      .toEqual(['pizza, copy.webp', 'pizza.webp']);
    await search('animal');
    await expect.poll(async () => (await shown(page))[0]).toBe('zebra.webp');
    await search('animal -zebra');
    await expect.poll(async () => (await shown(page))[0]).not.toBe('zebra.webp');
  });

  it('arrows go through the photos, one stop of Tab among all; Enter opens one, Escape goes back to it', async () => {
    await search('pizza');
    await expect.poll(async () => (await shown(page))[0]).toMatch(/^pizza/);
    const all = await shown(page);
    const tiles = page.getByRole('listitem').getByRole('button');
    await tabTo(tiles);
    await page.keyboard.press('End');
    await expect.poll(focused).toBe(all.at(-1));
    expect(await isSeen()).toBe('');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await isSeen()).toBe('');
    await page.keyboard.press('Home');
    await expect.poll(focused).toBe(all[0]);
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused).toBe(all[1]);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: all[1]! }).waitFor();
    await page.keyboard.press('Escape');
    await closed();
    expect(await focused()).toBe(all[1]);
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe(null);
  });

  it('the viewer goes on and back by its buttons too, to the end and still further', async () => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const all = await shown(page);
    const previous = button('Previous');
    await press(previous);
    await page.getByRole('dialog', { name: all[0]! }).waitFor();
    await page.keyboard.press('Enter');
    expect(await isFocused(previous)).toBe(true);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: all[1]! }).waitFor();
    await press(button('Close'));
    await closed();
  });

  it('photos are found by one of them, and by any picture', async () => {
    await page.keyboard.press('Enter');
    await press(button('More like this'));
    await page.getByText(/^like pizza/).waitFor();
    await closed();
    await press(button('No picture'));
    expect(await isFocused(page.getByRole('searchbox'))).toBe(true);
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(button('Picture …'))]);
    const response = await page.request.get(new URL('samples/castle.webp', site.url).href);
    await chooser.setFiles({ name: 'castle.webp', mimeType: 'image/webp', buffer: await response.body() });
    await page.getByText('like castle.webp').waitFor();
    await expect.poll(async () => (await shown(page))[0]).toBe('castle.webp');
    await press(button('No picture'));
  });

  it('tags are added, looked for, saved and removed, the focus going to the next', async () => {
    await view('Tags');
    await tabTo(page.getByLabel('New tags'));
    await page.keyboard.type('pizza, castle, boat');
    await page.keyboard.press('Enter');
    await page
      .getByRole('listitem')
      .filter({ hasText: /^pizza\s*2 photos/ })
      .waitFor();
    expect((await saved('Export CSV')).toString()).toMatch(/^source,path,tag,score/);
    await press(button('Remove pizza'));
    await button('Remove pizza').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('li')?.textContent)).toMatch(/^castle/);
    await press(button('Search castle'));
    await page.getByRole('list', { name: 'Photos found' }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('castle');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('the map is moved, enlarged and selected in, and a photo of the selection opens', async () => {
    await view('Map');
    const map = page.getByRole('application');
    await page.getByRole('application', { name: '24 of them in view' }).waitFor();
    await press(button('By main axes'));
    await page.getByRole('application', { name: '24 of them in view' }).waitFor();
    await tabTo(map);
    for (const key of ['+', '+', '+', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
    await expect.poll(() => map.getAttribute('aria-label')).not.toMatch(/24 of them/);
    await page.keyboard.press('0');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: '24 selected' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('status').filter({ hasText: 'selected' }).waitFor({ state: 'detached' });
    const chosen = page.getByRole('list', { name: 'Selected photos' }).getByRole('button');
    await press(page.getByRole('list', { name: 'Groups' }).getByRole('button'));
    await press(chosen);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await closed();
    expect(await isFocused(chosen)).toBe(true);
  });

  it('groups are as many as asked, and open', async () => {
    await view('Groups');
    await tabTo(page.getByRole('slider'));
    await page.keyboard.press('Home');
    await page.getByText('1 group', { exact: true }).waitFor();
    await page.locator('ol > li:only-child h3').waitFor();
    await press(button(/^Show all 24/));
    expect(await page.locator('ol > li').first().getByRole('listitem').count()).toBe(24);
    await press(page.locator('ol > li li button'));
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await closed();
  });

  it('of near-duplicates another is kept, and the list is saved', async () => {
    await view('Duplicates');
    await page.getByText('2 groups; 2 photos to spare').waitFor();
    const before = (await saved('Save the list of photos to spare')).toString();
    await tabTo(page.getByRole('radio', { checked: true }));
    await page.keyboard.press('ArrowDown');
    await tabTo(button('Save the list of photos to spare'), 'Shift+Tab');
    expect((await saved('Save the list of photos to spare')).toString()).not.toBe(before);
  });

  it('another model is chosen, the focus staying on it, and vectors are saved', async () => {
    await view('Model');
    await tabTo(page.getByRole('radio', { checked: true }));
    await page.keyboard.press('ArrowUp');
    const chosen = page.getByLabel('Photos of things');
    expect(await isFocused(chosen)).toBe(true);
    await expect.poll(() => chosen.isChecked()).toBe(true);
    await status(page, /24 photos can be searched/);
    expect(await isFocused(chosen)).toBe(true);
    expect((await saved('Export .npy')).subarray(1, 6).toString()).toBe('NUMPY');
    expect((await saved('Export JSONL')).toString()).toMatch(/^\{"source"/);
    await tabTo(page.getByLabel('A model’s folder'), 'Shift+Tab');
    await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
  });

  it('a folder is added, and its embedding paused and resumed', async () => {
    await page.evaluate(async (count) => {
      const root = await navigator.storage.getDirectory();
      const picture = await (await fetch('samples/castle.webp')).arrayBuffer();
      for (let i = 0; i < count; i++) {
        const out = await (await root.getFileHandle(`castle ${i}.webp`, { create: true })).createWritable();
        await out.write(picture);
        await out.close();
      }
    }, copies);
    await press(button('Add a folder'));
    await tabTo(button('Pause'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText(/^Paused at/).waitFor();
    await page.keyboard.press('Enter');
    await status(page, new RegExp(`${24 + copies} photos can be searched`));
    expect(await page.evaluate(() => document.activeElement?.closest('header, main') !== null)).toBe(true);
  });

  it('the grid is reached by Tab wherever it was scrolled to', async () => {
    await search(' ');
    await page.getByRole('list', { name: 'All photos' }).waitFor();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect
      .poll(() => page.getByRole('listitem').getByRole('button').and(page.locator('[data-at="0"]')).count())
      .toBe(0);
    await tabTo(page.getByRole('listitem').getByRole('button').and(page.locator('[tabindex="0"]')));
  });

  it('folders are forgotten, the focus going to the next and at last to what is shown', async () => {
    await view('Folders');
    await press(button('Forget Samples'));
    await button('Forget Samples').waitFor({ state: 'detached' });
    expect(await isFocused(button(/^Forget/))).toBe(true);
    await page.keyboard.press('Enter');
    await button('Try 24 samples').waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('no error is thrown', () => expect(problems).toEqual([]));
});
