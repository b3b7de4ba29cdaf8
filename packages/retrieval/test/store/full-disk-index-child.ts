import { readdirSync } from 'node:fs';
import { fileStore } from '@diptych/retrieval/node';
import type { Embeddings } from '@diptych/core';
import { quantizingKernel as kernel } from './quantizing-kernel.ts';
import { randomRows } from '../rows.ts';
import { names } from './store-suite-inputs.ts';

// Closes a store on a disk that has room for its rows and not for its index, and opens it again there.
const [path = ''] = process.argv.slice(2);
const config = { model: 'm', dim: 4, precision: 'float32' } as const;
const rows = randomRows(17_000, 4, 1);
const query: Embeddings = { ...rows, data: rows.data.slice(1200, 1204), shape: [1, 4] };
const first = await fileStore(path, config, { kernel });
await first.upsert(names(17_000), rows);
const before = await first.search(query, 1);
await first.close();
const files = readdirSync(path).toSorted();
await using again = await fileStore(path, config, { kernel });
const after = await again.search(query, 1);
const found = [before, after].map(([hits]) => hits![0]!.id);
process.stdout.write(JSON.stringify({ note: first.engine.note, files, rows: await again.count(), found }));
