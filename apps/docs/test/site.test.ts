import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { knownModels } from 'diptych';
import { expect, it } from 'vitest';
import { apiPages } from '../src/api-packages.ts';
import { site } from '../src/blocks.ts';
import { errorCodes } from '../src/error-codes.ts';
import { modelTimes } from '../src/model-times.ts';
import { published } from '../src/published.ts';
import { readmeCharts } from '../src/readme-charts.ts';
import { built } from '../src/serve-site.ts';
import { performancePath, speedTables, withSpeeds } from '../src/speed.ts';

it('has a page for each error code, and no other', async () => {
  const files = await readdir(`${site}errors`);
  const pages = files.filter((name) => name !== 'index.md').map((name) => name.replace('.md', ''));
  expect(pages.toSorted()).toEqual(errorCodes().toSorted());
});

it('has percentages and times of models that are known', () => {
  const known = knownModels.map(({ model }) => model);
  expect(known).toEqual(expect.arrayContaining(Object.keys(published)));
  const { models } = modelTimes();
  expect(known).toEqual(expect.arrayContaining(Object.keys(models)));
  for (const times of Object.values(models).flatMap((sides) => Object.values(sides))) {
    expect(times.int8).toBeLessThan(times.float32);
  }
});

it('shows the speed of encoders as the benchmark recorded it', async () => {
  expect(speedTables().map(({ place }) => place.split(' ')[0])).toEqual(['Node', 'Node', 'Chromium']);
  const text = await readFile(performancePath, 'utf8');
  const cells = (markdown: string) => markdown.replaceAll(/ +|-+/g, ' ');
  expect(cells(text)).toBe(cells(withSpeeds(text)));
  const readme = await readFile(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');
  for (const { path, svg, label } of readmeCharts()) {
    expect(await readFile(path, 'utf8')).toBe(`${svg}\n`);
    expect(readme).toContain(`alt="${label}"`);
  }
});

it('has a page of the reference for each entry', async () => {
  for (const { name, path } of apiPages) {
    expect(await readFile(`${built}api/${path}.html`, 'utf8')).toContain(name);
  }
});

it('lists its pages as text, each of which is there', async () => {
  const text = await readFile(`${built}llms.txt`, 'utf8');
  const links = [...text.matchAll(/^- \[.+\]\(\/(.+)\): ./gm)].map((match) => match[1]!);
  expect(links).toEqual(
    expect.arrayContaining(['start/node.md', 'models.md', 'errors/index.md', 'project/runtimes.md']),
  );
  const full = await readFile(`${built}llms-full.txt`, 'utf8');
  for (const link of links) {
    const page = await readFile(`${built}${link}`, 'utf8');
    expect(page).toMatch(/^# /);
    expect(page).not.toMatch(/^<[A-Z]|@include/m);
    expect(full).toContain(page.trim());
  }
});

it('leads to places that there are', async () => {
  const files = (await readdir(built, { recursive: true })).filter((path) => path.endsWith('.html'));
  const texts: ReadonlyMap<string, string> = new Map(
    await Promise.all(files.map(async (path) => [`/${path}`, await readFile(`${built}${path}`, 'utf8')] as const)),
  );
  const ids = new Map(
    [...texts].map(([path, text]) => [path, new Set([...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]))]),
  );
  const missing: string[] = [];
  for (const [path, text] of texts) {
    for (const [, href = ''] of text.matchAll(/<a[^>]*\shref="([^"]+)"/g)) {
      const { protocol, pathname, hash } = new URL(href.replaceAll('&amp;', '&'), `file://${path}`);
      if (protocol !== 'file:') continue;
      const page = [pathname, `${pathname}.html`, `${pathname}index.html`].find(
        (one) => existsSync(`${built}${one}`) && !one.endsWith('/'),
      );
      const place = decodeURIComponent(hash.slice(1));
      const known = page && (!place || !page.endsWith('.html') || ids.get(page)?.has(place));
      if (!known) missing.push(`${path}: ${href}`);
    }
  }
  expect(missing).toEqual([]);
});
