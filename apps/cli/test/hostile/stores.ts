import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '@diptych/retrieval/node';
import { type HostileCase, type HostileKind, nested, text } from './case.ts';

const config = { model: 'm', dim: 2, precision: 'float32', fields: {} } as const;

async function openLog(content: Uint8Array | string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  await writeFile(join(folder, 'rows.log'), content);
  const store = await fileStore(folder, config);
  await store.close();
}

const table: readonly (readonly [name: string, log: () => Uint8Array | string, says: RegExp])[] = [
  ['text', () => 'x'.repeat(4096), /rows\.log: expected a store/],
  ['noise', () => new Uint8Array(4096).fill(0xa5), /rows\.log: expected a store/],
  ['a line of JSON', () => '{"format":"other"}\n', /rows\.log/],
  ['a header of 100,000 levels', () => `${nested(1e5)}\n`, /rows\.log/],
  ['a header of 30 MB', () => `"${'a'.repeat(3e7)}"\n`, /rows\.log/],
  ['another format', () => text('diptych-rows 99\n'.repeat(100)), /rows\.log/],
  ['a header that is null', () => 'null\n'.repeat(100), /rows\.log/],
  ['a picture', () => Uint8Array.from({ length: 9999 }, (_, i) => (i * 131) % 256), /rows\.log/],
];

const cases: readonly HostileCase[] = table.map(([name, log, says]) => ({
  name,
  code: 'INPUT_INVALID',
  says,
  run: async () => openLog(log()),
}));

export const kind: HostileKind = { cases, honest: async () => openLog('') };
