import { given } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { architectures, blobFiles, open } from '../src/index.ts';
import { toy } from './toy.ts';

describe('an architecture of another version of the contract is refused, before any is asked', () => {
  const files = blobFiles({ toy: new Blob([]) }, 'toy-model');
  it.each([
    ['missing', {}, 'undefined'],
    ['later', { version: 2 }, '2'],
    ['a text', { version: '1' }, '"1"'],
  ])('%s', async (_, version, got) => {
    const { version: _own, ...rest } = toy;
    const other = given({ ...rest, ...version });
    await expect(open(files, { architectures: [toy, other] })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      where: 'architecture toy',
      expected: 'version 1 of Architecture',
      got,
    });
  });

  it('ours are of version 1', () => {
    expect(new Set(architectures.map(({ version }) => version))).toEqual(new Set([1]));
  });
});
