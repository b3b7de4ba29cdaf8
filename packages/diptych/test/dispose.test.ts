import { EmbeddingError } from '@diptych/core';
import { movingAverage, optimizer, sgd } from '@diptych/alignment';
import { constant, initializeModel, param } from '@diptych/nn';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import type { EmbeddingSpace } from '../src/index.ts';
import { turn } from '@diptych/core';
import { openToy, plain, watched } from './toy.ts';

describeBackends('a space disposed of', () => {
  it('while it embeds, ends what is under way with DISPOSED, and frees everything', async () => {
    const texts = ['a', 'bb', 'ccc'];
    const moments: ((space: EmbeddingSpace) => Promise<unknown>)[] = [
      async (space) => {
        const rows = space.embed('text', texts, { batchSize: 1 });
        space[Symbol.dispose]();
        return rows;
      },
      async (space) => space.embed('text', texts, { batchSize: 1, onProgress: () => space[Symbol.dispose]() }),
      async (space) => {
        const batch = { ids: Int32Array.of(1, 2, 3), mask: Int32Array.of(1, 1, 1), shape: [1, 3] } as const;
        const rows = space.encode('text', batch);
        space[Symbol.dispose]();
        return rows;
      },
      async (space) => {
        for await (const _ of space.stream('text', texts, { batchSize: 1 })) space[Symbol.dispose]();
      },
      async (space) => {
        const found = space.classify([plain(1, 2, 3)], texts);
        await turn();
        space[Symbol.dispose]();
        return found;
      },
    ];
    for (const moment of moments) {
      await expectNoLeak(async () => {
        using space = await openToy();
        await expect(moment(space)).rejects.toMatchObject({
          code: 'DISPOSED',
          message: expect.stringContaining('toy-model'),
        });
      });
    }
  });

  it('between the halves of a batch, does not begin the second', async () => {
    const sizes: number[] = [];
    let space: EmbeddingSpace | undefined;
    const short = watched((n) => {
      sizes.push(n);
      if (n > 1) throw new EmbeddingError('OUT_OF_MEMORY', { where: 'test', expected: 'room', got: 'one at a time' });
      queueMicrotask(() => space![Symbol.dispose]());
    });
    await expectNoLeak(async () => {
      space = await openToy({ architectures: [short] });
      await expect(space.embed('text', ['a', 'bb'])).rejects.toMatchObject({ code: 'DISPOSED' });
      expect(sizes).toEqual([2, 1]);
    });
  });
});

/** Whatever holds memory until it is freed, and what else its test makes. */
const owners: Readonly<Record<string, () => Promise<[Disposable & { dispose(): void }, ...Disposable[]]>>> = {
  'a space': async () => [await openToy()],
  'a model': async () => [aModel()],
  'an optimiser': async () => {
    const model = aModel();
    return [optimizer(model.variables, sgd({ momentum: 0.9 })), model];
  },
  'a moving average': async () => {
    const model = aModel();
    return [movingAverage(model.variables), model];
  },
};

function aModel() {
  return initializeModel({ weight: param([2, 3], constant(1)) }, 1);
}

describe('dispose()', () => {
  it.each(Object.entries(owners))('frees %s, once, as using does', async (_, make) => {
    for (const free of [
      (owner: { dispose(): void }) => owner.dispose(),
      (owner: Disposable) => owner[Symbol.dispose](),
      (owner: Disposable & { dispose(): void }) => (owner.dispose(), owner[Symbol.dispose]()),
    ]) {
      await expectNoLeak(async () => {
        const [owner, ...others] = await make();
        free(owner);
        for (const other of others) other[Symbol.dispose]();
      });
    }
  });
});
