import { urlFiles } from '@diptych/files';
import { describe, expect, it } from 'vitest';
import { readWeights } from './weights.ts';

const base = 'https://models.example.org/clip';
const large = 1_100_000;

/** Weights that end beyond the first request. */
function model(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(large + 1);
  bytes[large] = 9;
  return bytes;
}

/** A server of one file, and the ranges it was asked for. */
function serve(answer: (range: string | null, bytes: Uint8Array<ArrayBuffer>) => Response) {
  const asked: (string | null)[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (input !== `${base}/model.safetensors`) return new Response('no such file', { status: 404 });
    const range = new Headers(init?.headers).get('range');
    asked.push(range);
    return answer(range, model());
  };
  return { asked, files: urlFiles(base, { fetch }) };
}

function partial(range: string, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Response {
  const [begin, last] = range.slice('bytes='.length).split('-').map(Number) as [number, number];
  const end = Math.min(last + 1, bytes.length);
  const contentRange = { 'content-range': `bytes ${begin}-${end - 1}/${bytes.length}` };
  return new Response(bytes.slice(begin, end), { status: 206, headers: { ...contentRange, ...headers } });
}

describe('urlFiles', () => {
  it('reads the beginning with the first request and a neighbourhood with the second', async () => {
    const { asked, files } = serve((range, bytes) => partial(range!, bytes));
    const file = (await files.open('model.safetensors'))!;
    expect((await file.read(0, 1_000_000)).length).toBe(1_000_000);
    expect(asked).toEqual(['bytes=0-1048575']);
    expect(await file.read(large, large + 1)).toEqual(Uint8Array.of(9));
    await file.read(0, large);
    expect(asked).toEqual(['bytes=0-1048575', `bytes=0-${large}`]);
  });

  it('asks for nothing where nothing is to be read', async () => {
    const { asked, files } = serve((range, bytes) => partial(range!, bytes));
    const file = await files.open('model.safetensors');
    expect(await file?.read(large, large)).toEqual(new Uint8Array(0));
    expect(asked).toHaveLength(1);
  });

  it('takes the whole body of a server that ignores ranges', async () => {
    const { asked, files } = serve((_range, bytes) => new Response(bytes));
    expect((await readWeights(files)).at(-1)).toBe(9);
    expect(asked).toHaveLength(1);
  });

  it('asks for the whole file where a page may not see content-range', async () => {
    const { asked, files } = serve((range, bytes) => new Response(bytes, { status: range ? 206 : 200 }));
    expect((await readWeights(files)).at(-1)).toBe(9);
    expect(asked).toEqual(['bytes=0-1048575', null]);
  });

  it('gives an empty file no bytes, though no range fits it', async () => {
    const { files } = serve((range) => new Response('', { status: range ? 416 : 200 }));
    expect((await files.open('model.safetensors'))?.size).toBe(0);
  });

  it('gives undefined for a file that the server does not have', async () => {
    const { files } = serve((_range, bytes) => new Response(bytes));
    expect(await files.open('config.json')).toBeUndefined();
  });

  it('gives undefined where a host of single-page apps sends its page for a file that it does not have', async () => {
    const { files } = serve(() => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }));
    expect(await files.open('model.safetensors')).toBeUndefined();
  });

  it('gives a page to whoever asks for one', async () => {
    const page = () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
    expect((await urlFiles(base, { fetch: async () => page() }).open('index.html'))?.size).toBe(15);
  });

  it('sends its headers, and names itself without secrets', async () => {
    const sent: (string | null)[] = [];
    const files = urlFiles(new URL(`${base}/?signature=secret#x`), {
      headers: { authorization: 'Bearer token' },
      fetch: async (input, init) => {
        sent.push(input, new Headers(init?.headers).get('authorization'));
        return new Response(null, { status: 404 });
      },
    });
    await files.open('onnx/a b#c.json');
    expect(sent).toEqual([`${base}/onnx/a%20b%23c.json`, 'Bearer token']);
    expect(files.id).toBe(base);
  });

  it.each(['../secret', '/secret', 'https://example.org/x', 'a//b'])(
    'refuses %j, which leaves its folder',
    async (path) => {
      const { asked, files } = serve((_range, bytes) => new Response(bytes));
      await expect(files.open(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      expect(asked).toEqual([]);
    },
  );
});

describe('a base that is no URL', () => {
  it('is refused', () => {
    expect(() => urlFiles('models/clip')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

describe('a server that fails is a NETWORK error naming the URL', () => {
  it.each([401, 403, 429, 500, 503])('HTTP %i', async (status) => {
    const { files } = serve(() => new Response('', { status, headers: { 'content-type': 'text/html' } }));
    await expect(readWeights(files)).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(new RegExp(`${base}/model.safetensors.*${status}`)),
    });
  });

  it('unreachable', async () => {
    const cause = new TypeError('fetch failed');
    const files = urlFiles(base, { fetch: async () => Promise.reject(cause) });
    await expect(readWeights(files)).rejects.toMatchObject({ code: 'NETWORK', cause });
  });

  it.each<[problem: string, answer: (range: string, bytes: Uint8Array<ArrayBuffer>) => Response]>([
    ['a range that is cut short', (range, bytes) => new Response(bytes.slice(0, 9), partial(range, bytes))],
    ['another range than asked for', (_range, bytes) => partial('bytes=0-1048575', bytes)],
    ['another size', (range, bytes) => partial(range, bytes.slice(0, -1))],
    ['another entity tag', (range, bytes) => partial(range, bytes, { etag: '"new"' })],
    ['no range after all', (_range, bytes) => new Response(bytes)],
  ])('second read: %s', async (_problem, second) => {
    let requests = 0;
    const { files } = serve((range, bytes) => (requests++ === 0 ? partial(range!, bytes) : second(range!, bytes)));
    const file = await files.open('model.safetensors');
    await expect(file?.read(0, large)).rejects.toMatchObject({ code: 'NETWORK' });
  });
});
