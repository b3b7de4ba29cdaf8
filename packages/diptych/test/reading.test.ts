import { EmbeddingError, turn } from '@diptych/core';
import { describeBackends } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { usableReads } from '../src/tower.ts';
import { openToy, plain, watched } from './toy.ts';

const raw = { normalize: false } as const;
const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/** A PNG of 2 by 1 pixels. */
const picture = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4n8DA4PAfAAlgAp8xV4AqAAAAAElFTkSuQmCC'),
  (letter) => letter.charCodeAt(0),
);

it('says what is left out in the order of the items, whichever fails first', async () => {
  const failing = async (turns: number) => {
    for (let i = 0; i < turns; i++) await turn();
    throw new EmbeddingError('NOT_FOUND', { where: 'item', expected: 'one', got: `none after ${turns} turns` });
  };
  const reads = [failing(3), 'read', failing(0), failing(1)];
  for (const read of reads) Promise.resolve(read).catch(() => {});
  const skipped: number[] = [];
  expect(await usableReads(reads, (_, index) => skipped.push(index))).toEqual(['read']);
  expect(skipped).toEqual([0, 2, 3]);
});

describeBackends('items of a space', () => {
  it('leaves out items that cannot be read where someone hears of them, and says which', async () => {
    using space = await openToy();
    const given = [plain(1, 2, 3), new Uint8Array(9), picture, plain(7, 7, 2), new Uint8Array(1), plain(4, 4, 4)];
    const kept = await space.embed('image', [plain(1, 2, 3), picture, plain(7, 7, 2), plain(4, 4, 4)], raw);
    for (const batchSize of [1, 2, 4, 32]) {
      const [skipped, done]: [[string, number][], number[]] = [[], []];
      const rows = await space.embed('image', given, {
        ...raw,
        batchSize,
        onSkip: ({ code }, index) => skipped.push([code, index]),
        onProgress: (count) => done.push(count),
      });
      expect(rows).toEqual(kept);
      expect(skipped).toEqual([
        ['IMAGE_INVALID', 1],
        ['IMAGE_INVALID', 4],
      ]);
      expect(done.at(-1)).toBe(6);
      const alone: number[] = [];
      await space.embed('image', given, { ...raw, batchSize, onSkip: (_, index) => alone.push(index) });
      expect(alone).toEqual([1, 4]);
    }
    await expect(space.embed('image', given)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });

  it('pulls from an async source and no further than one batch ahead', async () => {
    using space = await openToy();
    let pulled = 0;
    async function* texts() {
      for (;;) yield `${pulled++}`;
    }
    for await (const block of space.stream('text', texts(), { batchSize: 2 })) {
      expect(block.shape[0]).toBe(2);
      break;
    }
    expect(pulled).toBeLessThanOrEqual(6);
  });

  it('has begun to read the next images when it works on a batch', async () => {
    let [begun, worked] = [0, 0];
    const seen: number[] = [];
    const workedOn = watched((n) => (seen.push(begun), (worked += n)));
    const fetch = async (input: string | URL | Request) => {
      begun++;
      const { url } = new Request(input);
      const index = Number(/(\d+)\.png/.exec(url)![1]);
      for (let i = 0; i < 2 * index; i++) await turn();
      return new Response(picture);
    };
    using space = await openToy({ architectures: [workedOn] });
    const urls = Array.from({ length: 7 }, (_, i) => `https://example.test/${i}.png`);
    await space.embed('image', urls, { ...raw, batchSize: 2, decode: { fetch } });
    expect(seen).toEqual([4, 6, 7, 7]);
    expect(worked).toBe(7);
  });

  it.each(inNode ? ['https://example.test/'] : ['https://example.test/', '', '/images/', './'])(
    "gives a batch as soon as it is done, though '%s' never answers for the next",
    async (folder) => {
      const fetch = async (input: string | URL | Request): Promise<Response> =>
        new Request(input).url.endsWith('late.png') ? new Promise(() => {}) : new Response(picture);
      using space = await openToy();
      const rows = space.stream('image', [`${folder}0.png`, `${folder}late.png`], { batchSize: 1, decode: { fetch } });
      expect((await rows.next()).value).toMatchObject({ shape: [1, 3] });
      await rows.return(undefined);
    },
  );

  it.each([
    ['a wrong number of components', { truncateDim: 4 }],
    ['a wrong batch size', { batchSize: 0 }],
    ['a prompt that there is not', { prompt: 'query' }],
    ['what texts do not take', { decode: { maxPixels: 9 } }],
  ])('refuses %s before it asks for an item', async (_, options) => {
    using space = await openToy();
    let asked = 0;
    function* texts() {
      asked++;
      yield 'a';
    }
    await expect(space.embed('text', texts(), options)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(asked).toBe(0);
  });
});
