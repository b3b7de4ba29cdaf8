import { catalogue } from './catalogue.ts';
import { productSearch } from './product-search.ts';

const products = await catalogue();
using search = await productSearch(products, 120);
const row = (rows: Float32Array, name: string) => {
  const at = products.names.indexOf(name);
  return rows.subarray(at * products.dim, (at + 1) * products.dim);
};
console.log(
  `${products.names.length} products, loss ${search.losses[0]!.toFixed(2)} to ${search.losses.at(-1)!.toFixed(2)}`,
);
const [guitar, bicycle] = [row(products.pictures, 'guitar'), row(products.titles, 'bicycle')];
const crown = { picture: row(products.pictures, 'crown'), title: row(products.titles, 'crown') };
for (const [what, query] of [
  ['a picture of a guitar', { picture: guitar }],
  ['the title bicycle', { title: bicycle }],
  ['both of a crown', crown],
] as const) {
  console.log(`${what}: ${search.find(query).slice(0, 3).join(', ')}`);
}
