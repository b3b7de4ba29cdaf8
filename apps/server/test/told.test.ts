import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { dataUri, disc, givenServer } from './given-server.ts';

const lines: string[] = [];
const stream = new Writable({
  write(chunk, _, done) {
    lines.push(String(chunk));
    done();
  },
});

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties: object }>> };
}

describe('what the server tells of itself', () => {
  const given = givenServer({ apiKeys: 'secret-key' }, { log: pino({ level: 'trace' }, stream) });
  const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer secret-key' };

  it('logs a line for each request, by its id, with neither contents nor keys', async () => {
    lines.length = 0;
    const image = dataUri(await disc('red'));
    for (const [id, told, input] of [
      ['mine-1', /^mine-1$/, ['secret text', { image }]],
      ['mine-2', /^mine-2$/, [{ image: 'c2VjcmV0' }]],
      ['mine-3', /^mine-3$/, [{ image: 'http://127.0.0.1/secret.png?token=secret' }]],
      ['a\tsecret', /^[\da-f-]{36}$/, 'x'],
    ] as const) {
      const body = JSON.stringify({ input });
      const init = { headers: { ...headers, 'X-Request-Id': id }, body };
      const answer = await given().post('/v1/embeddings?secret=1', body, init);
      expect(answer.headers.get('x-request-id')).toMatch(told);
    }
    await fetch(`${given().server.url}/secret`, { headers });
    const read = lines.map((line) => JSON.parse(line) as { requestId: string; status: number; route: string });
    expect(read.map(({ status, route }) => [status, route])).toEqual([
      [200, '/v1/embeddings'],
      [422, '/v1/embeddings'],
      [422, '/v1/embeddings'],
      [200, '/v1/embeddings'],
      [404, 'other'],
    ]);
    expect(read.slice(0, 3).map(({ requestId }) => requestId)).toEqual(['mine-1', 'mine-2', 'mine-3']);
    expect(lines.join('')).not.toMatch(/secret|c2Vj|base64/);
  });

  it('describes every path that takes a body, by the schema that it is checked by', async () => {
    const described = (await (await fetch(`${given().server.url}/openapi.json`)).json()) as Described;
    expect(described.openapi).toBe('3.1.0');
    expect(Object.keys(described.paths).toSorted()).toEqual([
      '/classify',
      '/rerank',
      '/v1/embeddings',
      '/v1/multimodalembeddings',
      '/v1/rerank',
      '/v2/embed',
      '/v2/rerank',
    ]);
    for (const { post } of Object.values(described.paths)) {
      expect(Object.keys(post!.responses)).toEqual(['200', '400', '401', '404', '413', '422', '429', '503', '504']);
    }
    const fieldsOf = (name: string) => Object.keys(described.components.schemas[name]!.properties);
    expect(fieldsOf('CohereEmbedRequest')).toEqual(expect.arrayContaining(['texts', 'images', 'inputs', 'max_tokens']));
    expect(fieldsOf('EmbeddingsRequest')).toEqual(expect.arrayContaining(['input', 'modality', 'dimensions']));
  });
});
