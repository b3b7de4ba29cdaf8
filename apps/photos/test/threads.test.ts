import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { photo } from '@diptych/model-photo';
import { open } from 'diptych';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { addFolder, keptRows, photoFolder, status } from './folder.ts';
import { served } from './served.ts';

const count = 4;

describeGolden('the same photos', () => {
  let folder: Awaited<ReturnType<typeof photoFolder>>;
  const ofNode: Float32Array[] = [];
  beforeAll(async () => {
    folder = await photoFolder(count);
    using space = await open(photo);
    const files = folder.names.map((name) => join(folder.path, name));
    const { data, shape } = await space.embed('image', files);
    files.forEach((_, i) => ofNode.push(data.slice(i * shape[1], (i + 1) * shape[1])));
  });
  afterAll(() => rm(dirname(folder.path), { recursive: true }));

  it.each([
    ['with threads', true],
    ['without threads', false],
  ])('have the vectors of Node, %s', async (_, sendsHeaders) => {
    const site = await served(inject('built'), sendsHeaders);
    try {
      // The service worker would add the headers that the server does not send.
      const context = await site.browser.newContext({ serviceWorkers: 'block' });
      const page = await context.newPage();
      await page.goto(site.url);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(sendsHeaders);
      await addFolder(page, folder.path);
      await status(page, new RegExp(`^${count} photos can be searched`));
      const rows = await keptRows(page, 'photo');
      const differences = folder.names.flatMap((name, i) =>
        Array.from(ofNode[i]!, (value, j) => Math.abs(value - rows.get(name)![j]!)),
      );
      expect(Math.max(...differences)).toBeLessThan(1e-5);
    } finally {
      await site.close();
    }
  });
});
