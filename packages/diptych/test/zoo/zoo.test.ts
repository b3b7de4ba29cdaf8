import { describeGolden } from '@diptych/golden';
import { expect, it } from 'vitest';
import { open } from '../../src/index.ts';
import { expectRefused, expectRows } from './expect-kind.ts';
import { isNode, kindPath, known, opening, readKind, refused, withoutWeights } from './kinds.ts';

/** A folder in Node, and by its URL on a page. */
const place = (kind: string) => (isNode() ? kindPath(kind) : `/@fs${kindPath(kind)}`);
const fails = (kind: string) => ({ fails: known.has(kind) });

describeGolden('repositories as they are laid out', () => {
  for (const kind of opening) {
    it(`${kind} opens, with the numbers of Python`, fails(kind), async () => {
      const expected = await readKind(kind);
      expect(expected.expected).toBe('opens');
      using space = await open(place(kind));
      await expectRows(space, expected);
    });
  }

  for (const kind of withoutWeights) {
    it(`${kind} lacks nothing but its weights`, fails(kind), async () => {
      await expect(open(place(kind))).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('expected one of open_clip_model.safetensors'),
      });
    });
  }

  for (const kind of Object.keys(refused)) {
    it(`${kind} is refused, and the message says what to do`, fails(kind), async () => {
      expect((await readKind(kind)).expected).toBe('refused');
      await expectRefused(kind, open(place(kind)));
    });
  }

  it('are all here', async () => {
    if (!isNode()) return;
    const { readdir } = await import('node:fs/promises');
    const all = [...opening, ...withoutWeights, ...Object.keys(refused)];
    expect(all.toSorted()).toEqual((await readdir(kindPath('.'))).toSorted());
  });
});
