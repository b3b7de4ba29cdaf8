import { indexedDbStore, type Store } from '../../../src/index.ts';

const dim = 15_000;

const open = (): Promise<Store> =>
  indexedDbStore('killed', { model: 'm', dim, precision: 'float32', fields: { at: 'number' } });

/** Three rows at a time, each filled with its number, until the browser is killed; logged once acknowledged. */
export async function write(): Promise<void> {
  const store = await open();
  for (let at = store.recovered.rows; ; at += 3) {
    const numbers = [at, at + 1, at + 2];
    const data = Float32Array.from({ length: 3 * dim }, (_, i) => numbers[Math.floor(i / dim)]!);
    const rows = { precision: 'float32', model: 'm', data, shape: [3, dim] } as const;
    await store.add(
      numbers.map(String),
      rows,
      numbers.map((number) => ({ at: number })),
    );
    console.log(`acknowledged ${at + 3}`);
  }
}

/** What is stored: `recovered` as the store says, and the number of each row that is whole, -1 for one that is not. */
export async function read(): Promise<{ recovered: number; rows: number[] }> {
  await using store = await open();
  const rows: number[] = [];
  for await (const block of store.rows()) {
    block.ids.forEach((id, i) => {
      const number = block.metadata[i]!['at'] as number;
      const values = block.rows.data.subarray(i * dim, (i + 1) * dim);
      const whole = id === String(number) && values.length === dim && values.every((value) => value === number);
      rows.push(whole ? number : -1);
    });
  }
  return { recovered: store.recovered.rows, rows };
}
