import { describeBackends, piecesUntilAbort } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { openToy, plain, watched } from './toy.ts';

describeBackends('embed', () => {
  it.each(['text', 'image'] as const)('lets timers run between batches of the modality %s', async (modality) => {
    const pieces = await piecesUntilAbort(async (signal, piece) => {
      using space = await openToy({ architectures: [watched(piece)] });
      const options = { batchSize: 1, signal };
      if (modality === 'image')
        return await space.embed(
          modality,
          Array.from({ length: 50 }, (_, i) => plain(i, 1, 2)),
          options,
        );
      return await space.embed(
        modality,
        Array.from({ length: 50 }, (_, i) => `${i}`),
        options,
      );
    });
    expect(pieces).toBeLessThan(10);
  });
});
