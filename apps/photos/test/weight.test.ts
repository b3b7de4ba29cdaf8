import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { bytesBeforeModel, type Served, served } from './served.ts';

let site: Served;
beforeAll(async () => {
  site = await served(inject('built'));
});
afterAll(() => site.close());

it('the page weighs at most 0.4 MB before its model', async () => {
  const page = await site.browser.newPage();
  const bytes = await bytesBeforeModel(page, site.url);
  expect(bytes).toBeGreaterThan(200_000);
  expect(bytes).toBeLessThanOrEqual(400_000);
});
