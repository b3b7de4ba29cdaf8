import { describe, expect, it } from 'vitest';
import { blockSource } from '../src/block-source.ts';

const bytes = Uint8Array.from({ length: 25 }, (_, i) => i);

/** A file of 25 bytes in blocks of 10, and the ranges that were read of it. */
function counted(kept = 8) {
  const ranges: string[] = [];
  const source = {
    name: 'x',
    size: bytes.length,
    async read(begin: number, end: number, signal?: AbortSignal) {
      signal?.throwIfAborted();
      ranges.push(`${begin}-${end}`);
      await Promise.resolve();
      signal?.throwIfAborted();
      return bytes.slice(begin, end);
    },
  };
  return { ranges, blocks: blockSource(source, { blockBytes: 10, kept }) };
}

describe('blockSource', () => {
  it('gives every range exactly', async () => {
    const { blocks } = counted(2);
    for (let begin = 0; begin <= bytes.length; begin++) {
      for (let end = begin + 1; end <= bytes.length; end++) {
        expect(await blocks.read(begin, end)).toEqual(bytes.slice(begin, end));
      }
    }
  });

  it('reads a block once, and its end where the file ends', async () => {
    const { ranges, blocks } = counted();
    await blocks.read(2, 4);
    await blocks.read(9, 11);
    await blocks.read(0, 25);
    expect(ranges).toEqual(['0-10', '10-20', '20-25']);
  });

  it('shares a block that is on its way', async () => {
    const { ranges, blocks } = counted();
    await Promise.all([blocks.read(0, 1), blocks.read(1, 2), blocks.read(5, 12)]);
    expect(ranges).toEqual(['0-10', '10-20']);
  });

  it('forgets the block that was not used for longest', async () => {
    const { ranges, blocks } = counted(2);
    for (const begin of [0, 10, 0, 20, 0, 10]) await blocks.read(begin, begin + 1);
    expect(ranges).toEqual(['0-10', '10-20', '20-25', '10-20']);
  });

  it('one caller that gives up does not fail another', async () => {
    const { blocks } = counted();
    const controller = new AbortController();
    const reason = new Error('enough');
    const given = blocks.read(0, 3, controller.signal);
    const other = blocks.read(1, 3);
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(await other).toEqual(Uint8Array.of(1, 2));
    expect(await blocks.read(2, 3)).toEqual(Uint8Array.of(2));
  });
});
