import { expect, it } from 'vitest';
import { SharedSteps } from '../../src/node/kept/shared-steps.ts';
import { memoryFile } from './memory-file.ts';

const size = 5 * 2 ** 16;

it('reads what it wrote over what others have, which it leaves alone', () => {
  let seed = 1;
  const below = (limit: number) => (seed = (seed * 48271) % 2147483647) % limit;
  const expected = Uint8Array.from({ length: size }, () => below(256));
  const base = memoryFile(0, size);
  base.write(0, expected);
  const before = expected.slice();
  const shared = new SharedSteps(base, memoryFile(0, size));
  for (let round = 0; round < 60; round++) {
    const [at, length] = [below(size), below(round % 2 > 0 ? 90_000 : 60)];
    const bytes = Uint8Array.from({ length: Math.min(length, size - at) }, () => below(256));
    shared.write(at, bytes);
    expected.set(bytes, at);
    const first = below(size);
    const read = new Uint8Array(below(size - first));
    shared.read(first, read);
    expect(read.findIndex((byte, i) => byte !== expected[first + i])).toBe(-1);
  }
  const there = new Uint8Array(size);
  base.read(0, there);
  expect(there.findIndex((byte, i) => byte !== before[i])).toBe(-1);
});
