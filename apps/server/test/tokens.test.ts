import { describe, expect, it } from 'vitest';
import { fittingTexts } from '../src/models/fitting-texts.ts';
import { dataUri, disc, givenServer } from './given-server.ts';

/** The tokens of a text of this model are 3 for a sign, and 512 are read. */
const signs = (count: number) => Array.from({ length: count }, () => '#').join(' ');
const [fits, over] = [signs(170), `first ${signs(171)} last`];

describe("tokens are those of the model's own tokenizer", () => {
  const given = givenServer();
  const texts = ['a red apple', 'Eisbär 🐻‍❄️', '', over];
  const count = async (some: readonly string[]) =>
    (await given().space.tokenize(some)).mask.reduce((sum, one) => sum + one, 0);
  const expectRow = (row: readonly number[], expected: Float32Array, at = 0) => {
    const worst = Math.max(...row.map((v, j) => Math.abs(v - expected[at * row.length + j]!)));
    expect(worst).toBeLessThanOrEqual(1e-6);
  };

  /** The longest piece of a text, in whole letters, of so many tokens at most. */
  const longest = async (text: string, most: number, of: (letters: string[], length: number) => string[]) => {
    const letters = Array.from(text);
    const fitsIn = async (length: number) => {
      const { cut, mask } = await given().space.tokenize(of(letters, length).join(''));
      return cut === undefined && mask.reduce((sum, one) => sum + one, 0) <= most;
    };
    let length = 0;
    while (length < letters.length && (await fitsIn(length + 1))) length++;
    return of(letters, length).join('');
  };

  it('in the usage of every format, those of what was cut off not', async () => {
    const all = await count(texts);
    expect(await count([over])).toBe(512);
    expect((await given().post('/v1/embeddings', { input: texts })).body).toMatchObject({
      usage: { prompt_tokens: all, total_tokens: all },
    });
    expect((await given().post('/v2/embed', { texts })).body).toMatchObject({
      meta: { billed_units: { input_tokens: all, images: 0 } },
    });
    const inputs = texts.map((text) => ({ content: [{ type: 'text', text }] }));
    expect((await given().post('/v1/multimodalembeddings', { inputs })).body).toMatchObject({
      usage: { text_tokens: all, total_tokens: all },
    });
    const pictures = await Promise.all(['red', 'navy'].map(disc));
    const content = [texts[0]!, ...pictures].map((part) =>
      typeof part === 'string' ? { type: 'text', text: part } : { type: 'image_base64', image_base64: dataUri(part) },
    );
    const [few, pixels] = [await count(texts.slice(0, 1)), 2 * 96 * 96];
    expect((await given().post('/v1/multimodalembeddings', { inputs: [{ content }] })).body).toMatchObject({
      usage: { text_tokens: few, image_pixels: pixels, total_tokens: few + Math.floor(pixels / 560) },
    });
    expect((await given().post('/rerank', { query: texts[0], documents: texts.slice(1) })).body).toMatchObject({
      usage: { total_tokens: all },
    });
    const asked = { input: texts, modality: 'text', labels: ['a', 'b'] };
    expect((await given().post('/classify', asked)).body).toMatchObject({ usage: { total_tokens: all } });
  });

  it('a text too long loses its end where the request does not say', async () => {
    const expected = await given().space.embed('text', over);
    const content = [{ type: 'text', text: over }];
    for (const [path, body] of [
      ['/v1/embeddings', { input: over }],
      ['/v1/embeddings', { input: over, truncate: true }],
      ['/v1/multimodalembeddings', { inputs: [{ content }] }],
      ['/v1/multimodalembeddings', { inputs: [{ content }], truncation: true }],
    ] as const) {
      expectRow((await given().post(path, body)).body.data[0]!.embedding, expected.data);
    }
    for (const truncate of [undefined, 'END']) {
      const { body } = await given().post('/v2/embed', { texts: [over], truncate });
      expectRow(body.embeddings.float[0]!, expected.data);
    }
  });

  it("or is refused as the format's clients read it, and alone, where it says so", async () => {
    const message = 'A text may have 512 tokens of this model here, those that it puts around it included.';
    const [bad, good] = await Promise.all(
      [over, fits].map(async (input) => given().post('/v1/embeddings', { input, truncate: false })),
    );
    const type = 'invalid_request_error';
    const error = { message, type, code: 'context_length_exceeded', param: 'input' };
    expect(bad).toMatchObject({ status: 400, body: { error } });
    expectRow(good!.body.data[0]!.embedding, (await given().space.embed('text', fits)).data);
    expect(await given().post('/v2/embed', { texts: ['x', over], truncate: 'NONE' })).toMatchObject({
      status: 400,
      body: { message },
    });
    const inputs = [{ content: [{ type: 'text', text: over }] }];
    expect(await given().post('/v1/multimodalembeddings', { inputs, truncation: false })).toMatchObject({
      status: 400,
      body: { detail: message },
    });
  });

  it.each([
    ['signs', over],
    ['faces, of which none is cut in two', '😀'.repeat(3000)],
    ['one word', 'antidisestablishmentarianism'.repeat(40)],
    ['a hundred thousand letters', 'many words '.repeat(9000)],
  ])("or loses its start: Cohere's START, of %s", async (_, long) => {
    const { body } = await given().post('/v2/embed', { texts: ['x', long], truncate: 'START' });
    const ending = await longest(long, 512, (letters, from) => letters.slice(letters.length - from));
    const { data } = await given().space.embed('text', ['x', ending]);
    body.embeddings.float.forEach((row, at) => expectRow(row, data, at));
    expect(ending.length).toBeLessThan(long.length);
  });

  it.each([
    ['signs', signs(12)],
    ['faces, of which none is cut in two', '😀'.repeat(30)],
    ['one word', 'antidisestablishmentarianism'.repeat(4)],
    ['more than the model reads', over],
  ])("or loses what is over Cohere's max_tokens, of %s", async (_, long) => {
    const beginning = await longest(long, 9, (letters, n) => letters.slice(0, n));
    const ending = await longest(long, 9, (letters, n) => letters.slice(letters.length - n));
    for (const [truncate, kept] of [
      [undefined, beginning],
      ['END', beginning],
      ['START', ending],
    ] as const) {
      const { body } = await given().post('/v2/embed', { texts: ['x', long], truncate, max_tokens: 9 });
      const { data } = await given().space.embed('text', ['x', kept]);
      body.embeddings.float.forEach((row, at) => expectRow(row, data, at));
      const input_tokens = await count(['x', kept]);
      expect(body).toMatchObject({ meta: { billed_units: { input_tokens } } });
    }
    const message = 'A text may have 9 tokens of this model here, those that it puts around it included.';
    const refused = await given().post('/v2/embed', { texts: ['x', long], truncate: 'NONE', max_tokens: 9 });
    expect(refused).toMatchObject({ status: 400, body: { message } });
  });

  it('max_tokens that a text does not have change nothing', async () => {
    const most = await count([fits]);
    for (const max_tokens of [most, 100_000]) {
      const { body } = await given().post('/v2/embed', { texts: [fits], truncate: 'NONE', max_tokens });
      expectRow(body.embeddings.float[0]!, (await given().space.embed('text', fits)).data);
    }
  });

  it('max_tokens that have no place for what goes around a text leave nothing of it', async () => {
    const reader = {
      async tokenize(asked: readonly string[]) {
        const lengths = asked.map((one) => one.length + 2);
        const width = Math.max(0, ...lengths);
        const mask = Int32Array.from(lengths.flatMap((n) => Array.from({ length: width }, (_, i) => Number(i < n))));
        return { ids: mask, mask, shape: [lengths.length, width] } as const;
      },
    };
    const { signal } = new AbortController();
    for (const truncate of ['START', 'END', 'NONE'] as const) {
      const none = await fittingTexts(reader, ['', 'abc'], { truncate, maxTokens: 1 }, signal);
      const error = { mostTokens: 1 };
      expect(none).toMatchObject({
        tokens: [],
        skipped: [
          { at: 0, error },
          { at: 1, error },
        ],
      });
      const some = await fittingTexts(reader, ['', 'abc'], { truncate, maxTokens: 2 }, signal);
      expect(some.tokens).toEqual(truncate === 'NONE' ? [2] : [2, 2]);
    }
  });
});
