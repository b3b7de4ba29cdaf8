import type { TextBatch } from '@diptych/core';

/** The attended ids of each row. */
export function rows({ ids, mask, shape: [n, length] }: TextBatch): number[][] {
  return Array.from({ length: n }, (_, i) => {
    const row = mask.subarray(i * length, (i + 1) * length);
    return [...ids.subarray(i * length, i * length + row.reduce((sum, v) => sum + v, 0))];
  });
}
