import { seededRandom } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { type AnswerBody, dataUri, disc, givenServer } from './given-server.ts';

const count = 5000;

const paths = [
  '/v1/embeddings',
  '/v2/embed',
  '/v1/multimodalembeddings',
  '/rerank',
  '/v1/rerank',
  '/v2/rerank',
  '/classify',
] as const;

const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  'x',
  '\u0000',
  '\ud800',
  'é'.repeat(300),
  '😀'.repeat(100),
  'a\u0301'.repeat(200),
  '__proto__',
  'constructor',
  'data:',
  'data:image/png;base64,',
  'data:image/png;base64,AAAA',
  'data:text/html;base64,PHNjcmlwdD4=',
  'http://',
  'http://[',
  'file:///etc/passwd',
  '\u202e../../etc/passwd',
  [],
  [[]],
  [[[]]],
  [null],
  [1, 2, 3],
  Array(300).fill('y'),
  {},
  { text: 'x' },
  { text: 1 },
  { image: '' },
  { image: {} },
  { content: [] },
  { content: [{ type: 'text' }] },
  { content: [{ type: 'text', text: 'x' }] },
  { content: [{ type: 'image_url', image_url: { url: 'x' } }] },
  { toString: 'x' },
];

const fields = [
  'input', 'model', 'dimensions', 'encoding_format', 'embedding_type', 'modality', 'normalized', 'truncate', 'texts', 'images',
  'inputs', 'embedding_types', 'output_dimension', 'output_encoding', 'output_dtype', 'query', 'documents', 'top_n',
  'return_documents', 'labels', 'max_tokens', 'truncation', '__proto__', 'constructor', 'hasOwnProperty',
]; // prettier-ignore

describe('bodies that mean harm', () => {
  const given = givenServer({ imageUrls: 'false', maxItems: 64 });

  it(`${count} of them: never a 500, always the shape of the format, and the server stays well`, async () => {
    const random = seededRandom(2026);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const image = dataUri(await disc('red'));
    const good: Record<string, object> = {
      '/v1/embeddings': { model: 'emoji', input: ['x', { image }], encoding_format: 'float' },
      '/v2/embed': { model: 'emoji', texts: ['x'], embedding_types: ['float', 'int8'], input_type: 'search_query' },
      '/v1/multimodalembeddings': { model: 'emoji', inputs: [{ content: [{ type: 'text', text: 'x' }] }] },
      '/rerank': { model: 'emoji', query: 'x', documents: ['y', { image }] },
      '/v1/rerank': { model: 'emoji', query: 'x', documents: ['y'], top_n: 1 },
      '/v2/rerank': { model: 'emoji', query: 'x', documents: ['y'], top_n: 1 },
      '/classify': { model: 'emoji', input: [image], labels: ['a', 'b'] },
    };
    const bodyFor = (path: string): string => {
      const kind = random();
      if (kind < 0.1) return JSON.stringify(pick(values)) ?? '';
      const body: Record<string, unknown> = { ...good[path] };
      for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
        const name = random() < 0.6 ? pick(Object.keys(good[path]!)) : pick(fields);
        Object.defineProperty(body, name, {
          value: pick(values),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      const text = JSON.stringify(body);
      if (kind > 0.3) return text;
      const at = Math.floor(random() * text.length);
      if (kind < 0.2) return text.slice(0, at);
      return text.slice(0, at) + pick(['"', '}', '\\', '\u0000', '[', '1e999', 'NaN', '{"a":']) + text.slice(at);
    };
    const seen = new Map<number, number>();
    const faults: string[] = [];
    const ask = async (): Promise<void> => {
      const path = pick(paths);
      const body = bodyFor(path);
      const { status, body: answer } = await given().post(path, body);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      const isShaped = status === 200 || /\S/.test(messageOf(path, answer) ?? '');
      const isKnown = [200, 400, 404, 413, 422].includes(status);
      if (!isKnown || !isShaped) faults.push(`${path} ${status} to ${body.slice(0, 300)}: ${JSON.stringify(answer)}`);
    };
    for (let i = 0; i < count; i += 20) await Promise.all(Array.from({ length: 20 }, ask));
    expect(faults).toEqual([]);
    expect(seen.get(200) ?? 0).toBeGreaterThan(count / 50);
    expect(seen.get(400) ?? 0).toBeGreaterThan(count / 10);
    expect((await given().post('/v1/embeddings', { input: 'x' })).status).toBe(200);
    expect(await (await fetch(`${given().server.url}/metrics`)).text()).not.toMatch(/processes_lost_total\{.*\} [1-9]/);
  });
});

/** What the clients of a format read from an error. */
function messageOf(path: string, { message, detail, error }: Partial<AnswerBody>): string | undefined {
  if (path.startsWith('/v2/')) return message;
  if (path === '/v1/multimodalembeddings') return detail;
  return error?.type === 'invalid_request_error' && error.code ? error.message : undefined;
}
