import { createHash } from 'node:crypto';
import type { Embeddings, Precision } from '@diptych/core';
import type { StoreConfig } from '@diptych/retrieval';
import type { NamedRows } from '../job.ts';

const arrays = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  binary: Int8Array,
  ubinary: Uint8Array,
} as const;

/** All rows of a shard in one piece. */
export async function joinedRows(
  blocks: AsyncIterable<NamedRows>,
  { model, dim, precision }: StoreConfig,
): Promise<{ readonly names: readonly string[]; readonly rows: Embeddings<Precision> }> {
  const names: string[] = [];
  const parts: Buffer[] = [];
  const scales: number[] = [];
  for await (const { names: some, rows } of blocks) {
    names.push(...some);
    parts.push(Buffer.from(rows.data.slice().buffer));
    scales.push(...(rows.scales ?? []));
  }
  const data = new arrays[precision](new Uint8Array(Buffer.concat(parts)).buffer);
  const rows = { model, precision, data, shape: [names.length, dim] as const };
  return { names, rows: scales.length > 0 ? { ...rows, scales: Float32Array.from(scales) } : rows };
}

/** SHA-256 of names, components and steps, row by row. */
export function rowsHash(): {
  readonly add: (names: readonly string[], rows: Embeddings<Precision>) => void;
  readonly hex: () => string;
} {
  const hash = createHash('sha256');
  return {
    add(names, { data, scales }) {
      const size = data.length / names.length;
      names.forEach((name, i) => {
        hash.update(`${JSON.stringify(name)}\n`).update(data.subarray(i * size, (i + 1) * size));
        if (scales) hash.update(scales.subarray(i, i + 1));
      });
    },
    hex: () => hash.digest('hex'),
  };
}
