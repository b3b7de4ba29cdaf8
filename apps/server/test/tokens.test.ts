import { describe, expect, it } from 'vitest';
import { givenServer } from './given-server.ts';

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
    const letters = Array.from(long);
    const isWhole = async (from: number) => !(await given().space.tokenize(letters.slice(from).join(''))).cut;
    let from = letters.length;
    while (from > 0 && (await isWhole(from - 1))) from--;
    const { data } = await given().space.embed('text', ['x', letters.slice(from).join('')]);
    body.embeddings.float.forEach((row, at) => expectRow(row, data, at));
    expect(from).toBeGreaterThan(0);
  });
});
