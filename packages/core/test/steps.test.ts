import { expect, it } from 'vitest';
import { atOnce, inTurns, type Steps, turn } from '../src/index.ts';

/** Three pieces; `log` hears of each, and of the end. */
function* pieces(log: string[]): Steps<string> {
  try {
    for (const name of ['a', 'b', 'c']) {
      log.push(name);
      yield undefined;
    }
    return 'all';
  } finally {
    log.push('let go');
  }
}

it('has all pieces at once', () => {
  const log: string[] = [];
  expect(atOnce(pieces(log))).toBe('all');
  expect(log).toEqual(['a', 'b', 'c', 'let go']);
});

it('lets others have their turn between two pieces', async () => {
  const log: string[] = [];
  const result = inTurns(pieces(log));
  for (let i = 0; i < 3; i++) {
    await turn();
    log.push('other');
  }
  expect(await result).toBe('all');
  expect(log.slice(0, 4)).toEqual(['a', 'b', 'other', 'c']);
});

it('ends with the reason of its signal, and what a piece holds is let go', async () => {
  const log: string[] = [];
  const controller = new AbortController();
  const result = inTurns(pieces(log), controller.signal);
  controller.abort('enough');
  await expect(result).rejects.toBe('enough');
  expect(log).toEqual(['a', 'let go']);
  await expect(inTurns(pieces(log), controller.signal)).rejects.toBe('enough');
  expect(log).toEqual(['a', 'let go']);
});
