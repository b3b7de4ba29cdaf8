import axe from 'axe-core';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

let server: ViteDevServer;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  server = await createServer({ root: fileURLToPath(new URL('..', import.meta.url)), logLevel: 'warn' });
  await server.listen(0);
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
afterEach(async () => {
  await page.close();
  if (problems.length > 0) throw new Error(problems.splice(0).join('\n'));
});

async function show(view: string): Promise<void> {
  page = await browser.newPage({ colorScheme: 'dark' });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${server.resolvedUrls!.local[0]!}test/harness/index.html#${view}`);
}

/** Rules of axe that are broken, in light and in dark. */
async function violations(): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations: broken } = await page.evaluate<axe.AxeResults>('axe.run()');
    found.push(...broken.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`));
  }
  return found;
}

const slide = (value: number) =>
  page.getByRole('slider').evaluate((slider: HTMLInputElement, to) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(slider, String(to));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);

describe('near-duplicates', () => {
  it('are shown in groups, the largest picture kept, and listed to take away', async () => {
    await show('duplicates');
    await page.getByText('2 groups; 2 photos to spare, 24 kB.').waitFor();
    expect(await page.getByRole('group').count()).toBe(2);
    const kept = page.getByRole('radio', { checked: true });
    expect(await kept.evaluateAll((all) => all.map((one) => one.closest('label')!.innerText.split('\n')[0]))).toEqual([
      'holiday/elephant.webp',
      'holiday/pizza.webp',
    ]);
    const listed = async () => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save the list' }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    expect(await listed()).toBe('holiday/elephant, small.webp\nholiday/pizza, copy.webp\n');
    await page.getByRole('radio', { name: 'holiday/pizza, copy.webp' }).press('Space');
    await page.getByText('2 photos to spare, 28.8 kB.').waitFor();
    expect(await listed()).toBe('holiday/elephant, small.webp\nholiday/pizza.webp\n');
    expect(await violations()).toEqual([]);
  });

  it('are fewer where they have to be more alike', async () => {
    await show('duplicates');
    await page.getByRole('slider').waitFor();
    await slide(1);
    await page.getByText('No photos are that much alike.').waitFor();
    expect(await page.getByRole('group').count()).toBe(0);
  });

  it('open among their group', async () => {
    await show('duplicates');
    await page.getByRole('button', { name: 'Show pizza, copy' }).click();
    expect(await page.title()).toBe('photo-16 of 2');
  });
});

describe('groups', () => {
  it('have names of words and of tags, the largest first', async () => {
    await show('clusters');
    await slide(3);
    await page.getByRole('heading', { level: 3, name: 'thing 7' }).waitFor();
    expect(await page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(['Dog 9', 'Pizza 8', 'Thing 7']);
    expect(await violations()).toEqual([]);
  });

  it('show few photos at first, and all when asked', async () => {
    await show('clusters');
    await slide(3);
    const first = page.locator('ol > li').first();
    await page.getByRole('heading', { level: 3, name: 'dog 9' }).waitFor();
    expect(await first.getByRole('listitem').count()).toBe(8);
    await first.getByRole('button', { name: 'Show all 9 of dog' }).press('Enter');
    expect(await first.getByRole('listitem').count()).toBe(9);
    await first.getByRole('button', { name: 'Show tiger' }).click();
    expect(await page.title()).toBe('photo-3 of 9');
  });

  it('are as many as asked', async () => {
    await show('clusters');
    await slide(1);
    await page.getByText('1 group', { exact: true }).waitFor();
    await page.locator('ol > li:only-child h3').waitFor();
    expect(await page.getByRole('heading', { level: 3 }).count()).toBe(1);
  });
});

describe('the map', () => {
  const map = () => page.getByRole('application');
  const status = () => page.getByRole('status').innerText();
  const whenArranged = async () => {
    await show('map');
    await page.getByRole('application', { name: 'Map of 24 photos, 24 of them in view' }).waitFor();
    await page.getByRole('button', { name: 'thing', exact: true }).waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
  };

  it('selects by keys: what is in view, a part of it, nothing', async () => {
    await whenArranged();
    await map().press('Enter');
    expect(await status()).toBe('24 selected');
    expect(await page.getByRole('list', { name: 'Selected photos' }).getByRole('listitem').count()).toBe(24);
    await map().press('Escape');
    expect(await status()).toBe('');
    for (const key of ['+', '+', '+', 'ArrowUp', 'ArrowLeft', 'Enter']) await map().press(key);
    expect(Number((await status()).split(' ')[0] || 0)).toBeLessThan(24);
    await map().press('0');
    await page.getByRole('application', { name: '24 of them in view' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('selects what a line is drawn around, with its button or with Shift', async () => {
    await whenArranged();
    const { x, y, width, height } = (await map().boundingBox())!;
    const around = async () => {
      await page.mouse.move(x + 12, y + 12);
      await page.mouse.down();
      for (const [right, down] of [
        [width - 12, 12],
        [width - 12, height - 12],
        [12, height - 12],
      ] as const) {
        await page.mouse.move(x + right, y + down, { steps: 3 });
      }
      await page.mouse.up();
    };
    await page.getByRole('button', { name: 'Draw around photos' }).click();
    await around();
    expect(await status()).toBe('24 selected');
    await page.getByRole('button', { name: 'Draw around photos' }).click();
    await map().press('Escape');
    await around();
    expect(await status()).toBe('');
    await map().press('0');
    await page.keyboard.down('Shift');
    await around();
    await page.keyboard.up('Shift');
    expect(await status()).toBe('24 selected');
  });

  it('selects a group by its name, and opens one of it', async () => {
    await whenArranged();
    await page.getByRole('button', { name: 'thing', exact: true }).click();
    const chosen = page.getByRole('list', { name: 'Selected photos' }).getByRole('button');
    const names = await chosen.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(names).toContain('Show bicycle');
    expect(names).not.toContain('Show zebra');
    await chosen.first().click();
    expect(await page.title()).toMatch(new RegExp(`^photo-\\d+ of ${names.length}$`));
  });

  it('opens a photo that is pressed, and is arranged by axes too', async () => {
    await whenArranged();
    await page.getByRole('button', { name: 'By main axes' }).click();
    const spot = (await page.locator('.spot').first().boundingBox())!;
    await page.mouse.click(spot.x + spot.width / 2, spot.y + spot.height / 2);
    expect(await page.title()).toMatch(/^photo-\d+ of 24$/);
  });
});
