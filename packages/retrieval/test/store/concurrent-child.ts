import { dim, openers } from './killed-stores.ts';

const [name = '', place = '', prefix = ''] = process.argv.slice(2);
await using store = await openers[name]!(place);

// Forty calls of three rows of one's own, and of one that every process writes.
for (let at = 0; at < 40; at++) {
  const ids = [0, 1, 2].map((i) => `${prefix} ${3 * at + i}`);
  const data = new Float32Array(4 * dim).fill(at);
  await store.upsert([...ids, 'shared'], { precision: 'float32', model: 'm', data, shape: [4, dim] });
}
