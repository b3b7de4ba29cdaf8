// What an index of LanceDB finds, and how fast: `bench:lancedb-indexes [rows]`, in folders of its own.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lancedbStore } from '@diptych/retrieval/lancedb';
import { fillStore, reportIndex } from './index-facts.ts';
import { config } from './store-rows.ts';

const n = Number(process.argv[2] ?? 100_000);

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(names.map((name) => stat(join(folder, name))));
  return files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
}

for (const kind of ['hnsw', 'ivfpq'] as const) {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-lancedb-'));
  try {
    {
      await using store = await lancedbStore(folder, config);
      await fillStore(store, n);
    }
    const start = performance.now();
    await using store = await lancedbStore(folder, config, { index: kind });
    const seconds = (performance.now() - start) / 1000;
    const mib = Math.round((await bytesIn(join(folder, 'rows.lance', '_indices'))) / 2 ** 20);
    await reportIndex(store, n, { kind, seconds, mib });
  } finally {
    await rm(folder, { recursive: true });
  }
}
