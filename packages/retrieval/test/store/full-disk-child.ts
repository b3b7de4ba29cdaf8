import { readdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileStore } from '@diptych/retrieval/node';
import type { Store } from '../../src/index.ts';

// Fills a small disk until the store refuses a write, and says what is there then and when it is opened again.
const [path = ''] = process.argv.slice(2);
const config = { model: 'm', dim: 4, precision: 'float32' } as const;
const ids = Array.from({ length: 1200 }, (_, i) => `${i}`);
const rows = (value: number) => {
  return { precision: 'float32', model: 'm', data: new Float32Array(4800).fill(value), shape: [1200, 4] } as const;
};
let written = 0;

async function check(store: Store) {
  const found = await store.get(ids);
  return { rows: store.recovered.rows || 1200, right: found.filter((row) => row?.row.data[3] === written).length };
}

const store = await fileStore(path, config);
await store.upsert(ids, rows(++written));
const room = statfsSync(path);
writeFileSync(join(path, 'filler'), new Uint8Array(room.bavail * room.bsize - 45_000));
const write = async (value: number) =>
  store.upsert(ids, rows(value)).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
let refused: string | undefined;
while ((refused = await write(written + 1)) === undefined) written++;
const before = await check(store);
await store.close();
const isFull = written > 1;
const again = await fileStore(path, config);
const after = await check(again);
await again.close();
process.stdout.write(JSON.stringify({ refused, isFull, before, after, files: readdirSync(path).toSorted() }));
