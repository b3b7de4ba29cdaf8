import axe from 'axe-core';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describeGolden } from '@diptych/golden';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { status } from './folder.ts';
import { type Served, served } from './served.ts';

const folder = new URL('../../../../shared/zoo/kinds/clip-hf-tinyclip/', import.meta.url);
const name = 'org/tiny-clip';
const commit = 'c0ffee'.padEnd(40, '0');
const weights = 'model.safetensors';

/** What the hub has, by its path. */
async function hubFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>([['README.md', Buffer.from('---\nlicense: mit\n---\n# Tiny\n')]]);
  for (const path of ['config.json', 'preprocessor_config.json', 'tokenizer.json', weights]) {
    files.set(path, await readFile(fileURLToPath(new URL(path, folder))));
  }
  const siblings = [...files].map(([path, bytes]) => {
    const blobId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    const lfs = path === weights ? { sha256: createHash('sha256').update(bytes).digest('hex') } : undefined;
    return { rfilename: path, size: bytes.length, blobId, ...(lfs && { lfs }) };
  });
  const resolved = [...files].map(([path, bytes]) => [`/${name}/resolve/${commit}/${path}`, bytes] as const);
  const listing = Buffer.from(JSON.stringify({ sha: commit, siblings }));
  return new Map([...resolved, [`/api/models/${name}/revision/main`, listing]]);
}

describeGolden('a model of the hub', () => {
  const requests: string[] = [];
  /** What becomes of the weights on their way. */
  let way: 'stays' | 'breaks' | 'arrives' = 'stays';
  let site: Served;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    const files = await hubFiles();
    site = await served(inject('built'));
    // The hub is one of this test: requests that a service worker sees would go to the real one.
    context = await site.browser.newContext({ serviceWorkers: 'block' });
    await context.route('https://huggingface.co/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      const body = files.get(pathname);
      if (pathname.endsWith(weights) && way === 'stays') return;
      if (pathname.endsWith(weights) && way === 'breaks') return route.abort('connectionreset');
      await route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, ...(body ? { body } : { status: 404 }) });
    });
    page = await context.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(site.url);
    await page.getByRole('link', { name: 'Model', exact: true }).click();
    await page.getByRole('link', { name: 'Models of the hub …' }).click();
  });
  afterAll(() => site.close());

  const lookUp = async () => {
    await page.getByLabel('Name on the hub').fill(name);
    await page.keyboard.press('Enter');
    await page.getByText(`${name}: licence mit, weights of 94 kB`).waitFor();
  };
  const keeps = () =>
    page.evaluate(async (file) => {
      const cache = await caches.open('diptych-hub');
      return (await cache.keys()).some(({ url }) => url.endsWith(file));
    }, weights);

  it('tells its licence and size, its progress in bytes, and leaves nothing of itself where it is cancelled', async () => {
    await lookUp();
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByText(/\.json: [\d.]+ kB of [\d.]+ kB$/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Download' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByText('None yet.').waitFor();
    expect(await keeps()).toBe(false);
  });

  it('that breaks off is said to, and can be fetched again', async () => {
    way = 'breaks';
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByRole('alert').waitFor();
    expect(await keeps()).toBe(false);
    way = 'arrives';
    await page.getByRole('button', { name: 'Download' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: `${name} licence mit` })
      .waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('is fetched by a page that may ask the hub alone, and breaks no rule of axe', async () => {
    expect(await page.evaluate(() => fetch('https://example.com/').then(String, () => 'refused'))).toBe('refused');
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('embeds photos where the hub is not asked, nor may be', async () => {
    requests.length = 0;
    await page.getByRole('link', { name: 'Back to the photos' }).click();
    await page.getByRole('radio', { name: name }).click();
    await page.getByRole('link', { name: 'Photos', exact: true }).click();
    await page.getByRole('button', { name: 'Try 24 samples' }).click();
    expect(await status(page, /^24 photos can be searched/)).toEqual({ rows: 24, embedded: 24 });
    await page.reload();
    expect(await status(page, /^24 photos can be searched/)).toEqual({ rows: 24, embedded: 0 });
    expect(requests.filter((url) => !url.startsWith(site.url) && !url.startsWith('blob:'))).toEqual([]);
    expect(await page.evaluate(() => fetch('https://huggingface.co/').then(String, () => 'refused'))).toBe('refused');
  });

  it('is removed with its files, and then another embeds', async () => {
    await page.goto(new URL('models.html', site.url).href);
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await page.getByText('None yet.').waitFor();
    await expect.poll(keeps).toBe(false);
    await page.goto(site.url);
    await status(page, /can be searched/);
    await page.getByRole('link', { name: 'Model', exact: true }).click();
    expect(await page.getByRole('radio', { name: name }).count()).toBe(0);
  });
});
