import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { dataUri, disc, givenServer } from './given-server.ts';

const keys = ['first-key', 'another-key'];

describe('what is refused, in the shape that the format has', () => {
  const given = givenServer({
    maxItems: 8,
    maxText: 1000,
    maxImage: 100_000,
    maxPixels: 1_000_000,
    maxBody: 500_000,
    apiKeys: keys,
  });
  const asked = (path: string, body: unknown, key = keys[0]) =>
    given().post(path, body, {
      headers: { 'Content-Type': 'application/json', ...(key !== undefined && { Authorization: `Bearer ${key}` }) },
    });
  const text = (length: number) => 'word '.repeat(Math.ceil(length / 5)).slice(0, length);

  it.each(keys)('knows the key %s', async (key) => {
    expect((await asked('/v1/embeddings', { input: 'x' }, key)).status).toBe(200);
  });

  it.each(['', 'wrong', 'first-ke', 'first-key1', 'FIRST-KEY'])('does not know the key "%s"', async (key) => {
    const { status, body } = await asked('/v1/embeddings', { input: 'x' }, key);
    expect(status).toBe(401);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' });
  });

  it('needs no key to tell that it is well, and one for what it counts', async () => {
    const { url } = given().server;
    for (const path of ['/health', '/ready', '/openapi.json', '/']) expect((await fetch(url + path)).status).toBe(200);
    for (const path of ['/metrics', '/v1/models']) expect((await fetch(url + path)).status).toBe(401);
  });

  it.each([
    ['too many items', { input: Array(9).fill('x') }, 413, 'too_many_items'],
    ['a text too long', { input: text(1001) }, 413, 'text_too_long'],
    ['a body too large', { input: text(600_000) }, 413, 'request_too_large'],
    ['an image too large', { input: [{ image: 'A'.repeat(150_000) }] }, 413, 'image_too_large'],
    ['no image', { input: [{ image: 'bm90IGFuIGltYWdl' }] }, 422, 'image_invalid'],
    ['no base64', { input: [{ image: '???' }] }, 422, 'image_invalid'],
    ['a data URI that is no base64', { input: [{ image: 'data:image/svg+xml,<svg/>' }] }, 422, 'image_invalid'],
    ['an unknown model', { input: 'x', model: 'other' }, 404, 'model_not_found'],
    ['more dimensions than there are', { input: 'x', dimensions: 129 }, 422, 'input_invalid'],
    ['tokens', { input: [1, 2, 3] }, 400, 'invalid_request'],
    ['no input', {}, 400, 'invalid_request'],
    ['an empty list', { input: [] }, 400, 'invalid_request'],
    ['more tokens than the model reads', { input: text(1000), truncate: false }, 400, 'context_length_exceeded'],
    ['an unknown encoding', { input: 'x', encoding_format: 'hex' }, 400, 'invalid_request'],
  ])('%s, as OpenAI says it', async (_what, body, status, code) => {
    const answer = await asked('/v1/embeddings', body);
    expect(answer.body.error).toMatchObject({ code, message: expect.any(String), type: 'invalid_request_error' });
    expect(answer.status).toBe(status);
  });

  it('as Cohere, Voyage and rerankers say it', async () => {
    const cohere = await asked('/v2/embed', { texts: ['x'], images: ['y'] });
    expect(cohere).toMatchObject({ status: 400, body: { message: expect.stringContaining('one of texts') } });
    const voyage = await asked('/v1/multimodalembeddings', { inputs: [] });
    expect(voyage).toMatchObject({ status: 400, body: { detail: expect.stringContaining('inputs') } });
    const rerank = await asked('/v1/rerank', { query: 'x' });
    const message = expect.stringContaining('documents');
    expect(rerank).toMatchObject({ status: 400, body: { message, detail: message, error: { message } } });
  });

  it('JSON that is none, and a body of another type', async () => {
    const cut = await asked('/v1/embeddings', '{"input": "x"');
    expect(cut).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error' } } });
  });

  it('an image of more pixels than are allowed, by its header', async () => {
    const bomb = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'red' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(100_000);
    const { status, body } = await asked('/v1/embeddings', { input: [{ image: dataUri(bomb) }] });
    expect(body.error).toMatchObject({ code: 'image_too_large', message: expect.stringContaining('1000000 pixels') });
    expect(status).toBe(413);
  });

  it('one bad image leaves the others of a batch alone', async () => {
    const [good] = await Promise.all(['red'].map(disc));
    const all = await Promise.all(
      Array.from({ length: 12 }, async (_, i) =>
        asked('/v1/embeddings', { input: [{ image: i % 3 === 1 ? 'bm90IGFuIGltYWdl' : dataUri(good!) }] }),
      ),
    );
    expect(all.map(({ status }) => status)).toEqual(all.map((_, i) => (i % 3 === 1 ? 422 : 200)));
  });

  it('a body without length that never ends is cut', async () => {
    const { hostname, port } = new URL(given().server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    let told = '';
    socket.on('data', (data) => (told += data));
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.write(
      `POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys[0]}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    let sent = 0;
    const chunk = `2710\r\n${' '.repeat(10_000)}\r\n`;
    while (!socket.destroyed && sent < 1000) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), closed, pause(100)]);
      sent++;
      if (told.includes('413')) socket.destroy();
      await pause(1);
    }
    await closed;
    expect(sent).toBeLessThan(1000);
  });
});

describe('CORS', () => {
  const closed = givenServer();
  const opened = givenServer({ cors: 'https://page.example' });
  const preflight = async (url: string, origin: string) =>
    fetch(`${url}/v1/embeddings`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });

  it('is off unless an origin is named', async () => {
    const answer = await preflight(closed().server.url, 'https://page.example');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is for that origin alone', async () => {
    const { url } = opened().server;
    const ours = await preflight(url, 'https://page.example');
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://page.example');
    const other = await preflight(url, 'https://other.example');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a line that is full', () => {
  const given = givenServer({ queue: 16, batchSize: 32, batchWait: 1000 });

  it('answers 429 and when to come again, and all others rightly', async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `text ${i}`);
    const expected = await given().space.embed('text', texts);
    const answers = await Promise.all(texts.map(async (input) => given().post('/v1/embeddings', { input })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).not.toEqual([]); // How many depends on how fast they come.
    for (const { headers, body } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(body.error).toMatchObject({ type: 'rate_limit_error', code: 'queue_full' });
    }
    const dim = expected.shape[1];
    answers.forEach(({ status, body }, i) => {
      if (status === 429) return;
      expect(status).toBe(200);
      const row: number[] = body.data[0]!.embedding;
      const worst = Math.max(...row.map((v, j) => Math.abs(v - expected.data[i * dim + j]!)));
      expect(worst).toBeLessThanOrEqual(1e-6);
    });
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });
});

describe('a request that nobody waits for', () => {
  const given = givenServer({ deadline: 5, batchWait: 1000 });

  it('is given up at its deadline', async () => {
    const { status, body } = await given().post('/v1/embeddings', { input: 'x' });
    expect(status).toBe(504);
    expect(body.error).toMatchObject({ type: 'server_error', code: 'deadline_exceeded' });
    expect(given().server.models.loaded[0]!.model.waiting).toBe(0);
  });
});

describe('a client that leaves', () => {
  const given = givenServer({ batchWait: 1000 });

  it('takes what is not begun out of the line', async () => {
    const leaving = new AbortController();
    const answer = fetch(`${given().server.url}/v1/embeddings`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ input: ['a', 'b', 'c'] }),
      signal: leaving.signal,
    });
    const { model } = given().server.models.loaded[0]!;
    while (model.waiting < 3) await pause(2);
    leaving.abort();
    await expect(answer).rejects.toThrow('abort');
    while (model.waiting > 0) await pause(2);
    const counted = await (await fetch(`${given().server.url}/metrics`)).text();
    expect(counted).not.toMatch(/diptych_batch_items_count.*[1-9]|status="5/);
  });
});
