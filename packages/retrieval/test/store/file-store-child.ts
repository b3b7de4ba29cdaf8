import { fileStore } from '@diptych/retrieval/node';

const [folder = '', dim = ''] = process.argv.slice(2);
const store = await fileStore(folder, { model: 'm', dim: Number(dim), precision: 'float32', fields: { at: 'number' } });

// Batches of three rows, each filled with its number, until the process is killed. Printed once acknowledged.
for (let at = store.recovered.rows; ; at += 3) {
  const numbers = [at, at + 1, at + 2];
  const data = Float32Array.from({ length: 3 * Number(dim) }, (_, i) => numbers[Math.floor(i / Number(dim))]!);
  await store.add(
    numbers.map(String),
    { precision: 'float32', model: 'm', data, shape: [3, Number(dim)] },
    numbers.map((number) => ({ at: number })),
  );
  process.stdout.write(`${at + 3}\n`);
}
