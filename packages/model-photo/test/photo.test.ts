import { parseJsonObject } from '@diptych/core';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { open } from 'diptych';
import { expect, it, vi } from 'vitest';
import { photo } from '../src/index.ts';
import { config } from '../src/weights/config.ts';
import { golden } from './golden.ts';

/** Stripes, by a rule, so that no decoder is between. */
function stripes() {
  const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 37 + Math.floor(i / 192) * 11) % 256);
  return { data, width: 64, height: 64, channels: 3 } as const;
}

describeBackends('the model that ships', () => {
  it('opens from the package, without a network, and frees everything', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    await expectNoLeak(async () => {
      using space = await open(photo);
      expect([space.id, space.architecture, space.dim]).toEqual(['photo-1', 'diptych_photo', config.dim]);
      expect((await space.embed('text', ['cat', 'a red car'])).shape).toEqual([2, config.dim]);
    });
    const urls = fetched.mock.calls.map(([input]) => new Request(input).url);
    const own = ['data:', globalThis.location?.origin ?? 'data:'];
    expect(urls.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
    fetched.mockRestore();
  });

  it('asks for the weights alone: its configuration is code', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const source = await photo.open('config.json');
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
    const said = parseJsonObject(await source!.read(0, source!.size), 'config.json');
    expect(said).toEqual({ model_type: 'diptych_photo', ...config });
    expect(await photo.open('tokenizer.json')).toBeUndefined();
  });

  it('gives the same vectors everywhere', async () => {
    using space = await open(photo);
    const texts = await space.embed('text', ['dog running on the beach', 'polar bears', '']);
    const images = await space.embed('image', [stripes()]);
    const rows = { texts: texts.data, images: images.data };
    for (const name of ['texts', 'images'] as const) {
      const starts = Array.from({ length: rows[name].length / config.dim }, (_, row) => {
        return [...rows[name].subarray(row * config.dim, row * config.dim + 8)];
      }).flat();
      starts.forEach((value, i) => expect(Math.abs(value - golden[name][i]!)).toBeLessThan(1e-5));
      expect(starts).toHaveLength(golden[name].length);
    }
  });

  it('knows forms, kinds and what says nothing', async () => {
    using space = await open(photo);
    const words = ['dog', 'dogs', 'the dog', 'xyzzy dog', 'animal', 'husky', 'fruit', 'banana', 'vehicle', 'truck'];
    const { data, shape } = await space.embed('text', words);
    const row = (word: string) => data.subarray(words.indexOf(word) * shape[1], (words.indexOf(word) + 1) * shape[1]);
    const cosine = (a: string, b: string) => row(a).reduce((sum, value, i) => sum + value * row(b)[i]!, 0);
    for (const same of ['dogs', 'the dog', 'xyzzy dog']) expect(cosine('dog', same)).toBeCloseTo(1, 6);
    for (const [kind, own] of [
      ['animal', 'husky'],
      ['fruit', 'banana'],
      ['vehicle', 'truck'],
    ] as const) {
      const others = ['husky', 'banana', 'truck'].filter((word) => word !== own);
      for (const other of others) expect(cosine(kind, own)).toBeGreaterThan(cosine(kind, other));
    }
  });
});

describeGolden('the model that ships, on photos', () => {
  describeBackends('that it never saw', () => {
    it('tells flowers apart from what is none', async () => {
      using space = await open(photo);
      const bytes = goldenBytes('data/flowers/images/daisy/100080576_f52e8ee070_n.jpg');
      const [best] = await space.classify([await bytes], ['a daisy', 'a truck', 'some food', 'a dog']);
      expect(best![0]!.label).toBe('a daisy');
    });
  });
});
