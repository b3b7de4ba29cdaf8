import { describe, expect, it } from 'vitest';
import { EmbeddingError, prefetch } from '../src/index.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const numbers = [0, 1, 2, 3, 4, 5, 6, 7];

describe('prefetch', () => {
  it('keeps the order however long each item takes, with no more in work than asked for', async () => {
    const waiting: (() => void)[] = [];
    let inWork = 0;
    let most = 0;
    const load = async (item: number): Promise<number> => {
      most = Math.max(most, ++inWork);
      if (item % 3 === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else waiting.shift()?.();
      inWork--;
      return item * 10;
    };
    const done: number[] = [];
    // The last that waits has none behind it to wake it.
    const loaded = await all(prefetch([0, 1, 2, 3, 4], load, { ahead: 3, onProgress: (count) => done.push(count) }));
    expect(loaded).toEqual([0, 10, 20, 30, 40]);
    expect(done).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('reports an item that cannot be used, and goes on', async () => {
    const problems: string[] = [];
    const load = async (item: number): Promise<number> => {
      if (item % 2) throw new EmbeddingError('NOT_FOUND', { where: `${item}`, expected: 'an even one', got: item });
      return item;
    };
    expect(await all(prefetch(numbers, load, { onSkip: ({ where }) => problems.push(where) }))).toEqual([0, 2, 4, 6]);
    expect(problems).toEqual(['1', '3', '5', '7']);
    await expect(all(prefetch(numbers, load))).rejects.toThrow('1');
  });

  it('throws what is no problem of an item', async () => {
    const load = async (): Promise<never> => {
      throw new TypeError('a mistake');
    };
    await expect(all(prefetch(numbers, load, { onSkip: () => {} }))).rejects.toThrow(TypeError);
  });

  it('aborts what nobody waits for any more', async () => {
    const signals: AbortSignal[] = [];
    const load = async (item: number, signal: AbortSignal): Promise<number> => {
      signals.push(signal);
      return item;
    };
    for await (const item of prefetch(numbers, load, { ahead: 3 })) if (item === 1) break;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
  });

  it('hands out what is ready while its source waits for an item, and does not wait for that one to stop', async () => {
    async function* slow() {
      yield* [1, 2];
      await new Promise(() => {});
    }
    const seen: number[] = [];
    for await (const item of prefetch(slow(), async (one) => one)) {
      seen.push(item);
      if (item === 2) break;
    }
    expect(seen).toEqual([1, 2]);
  });

  it('begins with later items before it hands out one that is ready', async () => {
    const begun: number[] = [];
    const load = async (item: number): Promise<number> => (begun.push(item), item);
    const seen: number[] = [];
    for await (const item of prefetch(numbers, load, { ahead: 3 })) seen.push(begun.length - item);
    expect(seen).toEqual([3, 3, 3, 3, 3, 3, 2, 1]);
  });

  it('ends its source when it is left', async () => {
    let ended = false;
    async function* source() {
      try {
        yield* numbers;
      } finally {
        ended = true;
      }
    }
    for await (const item of prefetch(source(), async (one) => one, { ahead: 2 })) if (item === 1) break;
    expect(ended).toBe(true);
  });

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController();
    const reading = (async () => {
      for await (const item of prefetch(numbers, async (one) => one, { signal: stop.signal })) stop.abort(`at ${item}`);
    })();
    await expect(reading).rejects.toBe('at 0');
  });

  it('hears a signal while an item or what is made of it never comes', async () => {
    const never = new Promise<never>(() => {});
    const source = async function* () {
      yield 0;
      await never;
    };
    const loads = [async (item: number) => item, async () => never];
    for (const load of loads) {
      const stop = new AbortController();
      const reason = new Error('enough');
      const ended = all(prefetch(source(), load, { signal: stop.signal }));
      setTimeout(() => stop.abort(reason), 5);
      await expect(ended).rejects.toBe(reason);
    }
  });

  it('leaves no listener at a signal that lives on', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const heard = Object.assign(signal, {
      addEventListener: () => listeners++,
      removeEventListener: () => listeners--,
    });
    expect(await all(prefetch([0, 1, 2], async (one) => one, { signal: heard }))).toEqual([0, 1, 2]);
    expect(listeners).toBe(0);
  });
});
