import { expect, it } from 'vitest';
import { catalogue } from '../src/catalogue.ts';
import { productSearch } from '../src/product-search.ts';

it('finds products by a picture, by a title and by both, after it was trained', async () => {
  const products = await catalogue();
  const { names, dim } = products;
  using search = await productSearch(products, 120);
  expect(search.losses.at(-1)!).toBeLessThan(search.losses[0]! / 2);
  const part = (rows: Float32Array, i: number) => rows.subarray(i * dim, (i + 1) * dim);
  const hits = { picture: 0, title: 0, both: 0 };
  names.forEach((name, i) => {
    const [picture, title] = [part(products.pictures, i), part(products.titles, i)];
    hits.picture += Number(search.find({ picture })[0] === name);
    hits.title += Number(search.find({ title })[0] === name);
    hits.both += Number(search.find({ picture, title })[0] === name);
  });
  expect(hits.both).toBe(names.length);
  expect(hits.picture).toBeGreaterThan(0.9 * names.length);
  expect(hits.title).toBeGreaterThan(0.9 * names.length);
});
