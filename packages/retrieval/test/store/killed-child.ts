import { dim, openers } from './killed-stores.ts';

const [name = '', place = ''] = process.argv.slice(2);
const store = await openers[name]!(place);

// Three rows at a time, each filled with its number, until the process is killed. Printed once acknowledged.
for (let at = store.recovered.rows; ; at += 3) {
  const numbers = [at, at + 1, at + 2];
  const data = Float32Array.from({ length: 3 * dim }, (_, i) => numbers[Math.floor(i / dim)]!);
  await store.add(
    numbers.map(String),
    { precision: 'float32', model: 'm', data, shape: [3, dim] },
    numbers.map((number) => ({ at: number })),
  );
  process.stdout.write(`${at + 3}\n`);
}
