import { expect, it, vi } from 'vitest';
import { seededRandom } from '@diptych/core';
import { PackedIds } from '../../src/store/packed-ids.ts';

it('gives each id the next slot, and finds it until it is removed', () => {
  const ids = new PackedIds();
  const known = new Map<string, number>();
  const all: (string | undefined)[] = [];
  const next = seededRandom(1);
  for (let i = 0; i < 20_000; i++) {
    const id = `${['', 'ä', '🦊', '\ufeff'][Math.floor(4 * next())]}${Math.floor(3000 * next())}`;
    const slot = known.get(id);
    expect(slot === undefined ? ids.add(id) : ids.remove(id)).toBe(slot ?? all.length);
    if (slot === undefined) known.set(id, all.push(id) - 1);
    else all[slot] = undefined;
    if (slot !== undefined) known.delete(id);
    expect(ids.slotOf(id)).toBe(known.get(id));
  }
  expect([ids.size, ids.length]).toEqual([known.size, all.length]);
  expect(all.map((_, slot) => ids.at(slot))).toEqual(all);
  expect(all.map((_, slot) => ids.has(slot))).toEqual(all.map((id) => id !== undefined));
  for (const [id, slot] of known) expect(ids.slotOf(id)).toBe(slot);
  expect(ids.remove('never')).toBeUndefined();
});

it('gives many ids at once the slots that one after the other would have', () => {
  const [ids, same] = [new PackedIds(), new PackedIds()];
  const next = seededRandom(2);
  for (let round = 0; round < 20; round++) {
    const some = Array.from({ length: 1 + Math.floor(900 * next()) }, () => `ö${Math.floor(3000 * next())}`);
    const ends = new Uint32Array(2 * some.length);
    const text = new TextEncoder().encode(some.join('"'));
    some.reduce((at, id, i) => {
      ends.set([at, at + new TextEncoder().encode(id).length], 2 * i);
      return ends[2 * i + 1]! + 1;
    }, 0);
    expect([...ids.addAll(text, ends)]).toEqual(some.map((id) => same.add(id)));
    const gone = some[0]!;
    expect(ids.removeBytes(text, ends[0]!, ends[1]!)).toBe(same.remove(gone));
    expect(ids.slotOf(gone)).toBeUndefined();
    expect([ids.size, ids.length]).toEqual([same.size, same.length]);
  }
});

it('keeps ids of any length', () => {
  const ids = new PackedIds();
  const long = ['x'.repeat(300), 'é'.repeat(5000), '🦊'.repeat(20_000), 'y'.repeat(100_000)];
  for (const id of long) ids.add(id);
  expect(long.map((id) => ids.slotOf(id))).toEqual([0, 1, 2, 3]);
  expect(long.map((_, slot) => ids.at(slot))).toEqual(long);
});

it('finds ids that somebody chose so that all have one place', () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  const ids = new PackedIds();
  random.mockRestore();
  const chosen = Array.from({ length: 400_000 }, (_, i) => `${i}`).filter((id) => (placeOf(id) & 1023) === 7);
  expect(chosen.length).toBeGreaterThan(300);
  for (const id of chosen) ids.add(id);
  expect(chosen.map((id) => ids.slotOf(id))).toEqual(chosen.map((_, slot) => slot));
  expect(chosen.map((_, slot) => ids.at(slot))).toEqual(chosen);
  expect(ids.slotOf('none')).toBeUndefined();
  for (const id of chosen) ids.remove(id);
  expect([ids.size, ids.slotOf(chosen[0]!)]).toEqual([0, undefined]);
  expect(ids.add(chosen[0]!)).toBe(chosen.length);
});

/** As the table does without a seed. */
function placeOf(id: string): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = Math.imul(sum ^ id.charCodeAt(i), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return sum ^ (sum >>> 13);
}
