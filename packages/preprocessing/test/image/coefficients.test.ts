import { describeGolden } from '@diptych/golden';
import { expect, it } from 'vitest';
import { coefficients } from '../../src/image/filters.ts';
import { kernels } from '../../src/image/filters.ts';
import { manifest } from './golden-image.ts';

describeGolden('weights against the reference', () => {
  it('every table is the same integers', async () => {
    for (const { in: size, out: outSize, filter, rows } of (await manifest()).coefficients) {
      const table = coefficients(kernels[filter], { size, outSize }, 0, outSize);
      const found = rows.map((_, i) => {
        const weights = table.weights.subarray(i * table.taps, i * table.taps + table.counts[i]!);
        return { first: table.first[i], int22: [...weights] };
      });
      expect(found, `${filter} ${size} to ${outSize}`).toEqual(rows.map(({ first, int22 }) => ({ first, int22 })));
    }
  });
});
