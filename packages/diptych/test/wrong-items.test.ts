import { given } from '@diptych/golden';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { textTower } from '../src/index.ts';
import { openToy, plain, toy } from './toy.ts';

/** What is neither a text nor an image, and what errors call it. */
const others: readonly (readonly [value: unknown, got: string])[] = [
  [undefined, 'undefined'],
  [null, 'null'],
  [5, '5'],
  [Number.NaN, 'NaN'],
  [true, 'true'],
  [['a'], 'a list of 1'],
  [{ text: 'a' }, 'an object with text'],
];

/** The toy, whose texts have prompts; what it does with a text checks nothing, as a stranger's may. */
const prompting: typeof toy = {
  ...toy,
  async open(files, options) {
    const parts = await toy.open(files, options);
    const { encoder, preprocess } = parts!.towers.text!;
    const text = textTower({
      encoder: given(encoder),
      preprocess: async (texts) => given(preprocess(texts)),
      prompts: { named: { query: 'find: ' } },
    });
    return { ...parts!, towers: { text } };
  },
};

describeBackends('items of the wrong kind, before a tower that checks none', () => {
  it.each(others)('text %j', async (value, got) => {
    await expectNoLeak(async () => {
      using space = await openToy();
      const refused = { code: 'INPUT_INVALID', where: 'texts[1]', expected: 'a string', got };
      await expect(space.embed('text', ['a', given(value)])).rejects.toMatchObject(refused);
      using prompted = await openToy({ architectures: [prompting] });
      const texts = ['a', given(value)];
      await expect(prompted.embed('text', texts, { prompt: 'query' })).rejects.toMatchObject(refused);
    });
  });

  it.each(others)('image %j', async (value, got) => {
    await expectNoLeak(async () => {
      using space = await openToy();
      await expect(space.embed('image', [plain(1, 2, 3), given(value)])).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        where: 'image',
        expected: expect.stringContaining('Blob'),
        got,
      });
    });
  });
});
