import { hub } from '@diptych/files';
import { beforeEach, describe, expect, it } from 'vitest';
import { readWeights } from './weights.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const endpoint = 'https://hub.example.org';
const weights = Uint8Array.of(1, 2, 3);
const config = new TextEncoder().encode('{}');

async function digest(algorithm: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes that break off. */
function breaking(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const parts = [bytes];
  return new ReadableStream({
    pull(controller) {
      const part = parts.pop();
      if (part) controller.enqueue(part);
      else controller.error(new TypeError('network error'));
    },
  });
}

/** A hub with one model, and what it was asked for. */
async function fakeHub(sent: Uint8Array<ArrayBuffer> = weights, answer?: (range: string | null) => Response) {
  const blob = new Uint8Array([...new TextEncoder().encode(`blob ${config.length}\0`), ...config]);
  const siblings = [
    { rfilename: 'config.json', size: config.length, blobId: await digest('SHA-1', blob) },
    {
      rfilename: 'model.safetensors',
      size: weights.length,
      blobId: '',
      lfs: { sha256: await digest('SHA-256', weights) },
    },
  ];
  const files: Record<string, BodyInit> = {
    '/api/models/org/model/revision/main?blobs=true': JSON.stringify({ sha: commit, siblings }),
    [`/org/model/resolve/${commit}/config.json`]: config,
    [`/org/model/resolve/${commit}/model.safetensors`]: sent,
  };
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    const path = (input as string).slice(endpoint.length);
    asked.push(path);
    if (answer && path.endsWith('.safetensors')) return answer(new Headers(init?.headers).get('range'));
    return path in files ? new Response(files[path]) : new Response(null, { status: 404 });
  };
  return { asked, fetch };
}

describe('hub in a browser', () => {
  beforeEach(async () => {
    await caches.delete('diptych-hub');
  });

  it('keeps verified files, which later pages read without asking for them, and without the hub', async () => {
    const { asked, fetch } = await fakeHub();
    const first = hub('org/model', { endpoint, fetch });
    expect(await readWeights(first)).toEqual(weights);
    expect((await first.open('config.json'))?.size).toBe(2);
    asked.length = 0;
    expect((await hub('org/model', { endpoint, fetch }).open('config.json'))?.size).toBe(2);
    expect(asked).toEqual(['/api/models/org/model/revision/main?blobs=true']);
    expect(await readWeights(hub('org/model', { endpoint, fetch, offline: true }))).toEqual(weights);
    const broken: typeof globalThis.fetch = async () => Promise.reject(new TypeError('Failed to fetch'));
    expect((await hub('org/model', { endpoint, fetch: broken }).open('config.json'))?.size).toBe(2);
    expect(asked).toHaveLength(1);
  });

  it('keeps nothing of a file that is not what the hub lists', async () => {
    const wrong = weights.slice();
    wrong[0]! ^= 1;
    for (const sent of [wrong, weights.slice(1)]) {
      const { fetch } = await fakeHub(sent);
      const opened = hub('org/model', { endpoint, fetch }).open('model.safetensors');
      await expect(opened).rejects.toMatchObject({ code: 'NETWORK' });
    }
    const { fetch } = await fakeHub();
    const offline = hub('org/model', { endpoint, fetch, offline: true }).open('model.safetensors');
    await expect(offline).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  describe('a download that breaks off', () => {
    const name = 'model.safetensors';
    const open = async (answer: (range: string | null) => Response, signal?: AbortSignal) => {
      const { fetch } = await fakeHub(weights, answer);
      const seen: number[] = [];
      const files = hub('org/model', { endpoint, fetch, onProgress: ({ done }) => seen.push(done) });
      return { source: await files.open(name, signal), seen };
    };
    const breakOff = async () => {
      const opened = open(() => new Response(breaking(weights.slice(0, 2))));
      await expect(opened).rejects.toMatchObject({ code: 'NETWORK' });
    };
    const rest = (headers: HeadersInit) => new Response(weights.slice(2), { status: 206, headers });

    it('is not there, and the next one continues it', async () => {
      await breakOff();
      const { fetch } = await fakeHub();
      const offline = hub('org/model', { endpoint, fetch, offline: true }).open(name);
      await expect(offline).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const ranges: unknown[] = [];
      const { source, seen } = await open((range) => {
        ranges.push(range);
        return rest({ 'content-range': 'bytes 2-2/3' });
      });
      expect(await source!.read(0, 3)).toEqual(weights);
      expect([ranges, seen]).toEqual([['bytes=2-'], [3]]);
      expect(await readWeights(hub('org/model', { endpoint, fetch, offline: true }))).toEqual(weights);
      const keys = await (await caches.open('diptych-hub')).keys();
      expect(keys.filter(({ url }) => url.includes('partial'))).toEqual([]);
    });

    it.each<[string, (range: string | null) => Response]>([
      ['does not continue', () => new Response(weights)],
      ['does not show what it sends', (range) => (range ? rest({}) : new Response(weights))],
      ['has no such range', (range) => (range ? new Response(null, { status: 416 }) : new Response(weights))],
    ])('begins anew where the server %s', async (_, answer) => {
      await breakOff();
      const { source, seen } = await open(answer);
      expect(await source!.read(0, 3)).toEqual(weights);
      expect(seen).toEqual([3]);
    });

    it('is continued by nothing else: of a file that changed nothing is kept, and the next begins anew', async () => {
      await breakOff();
      const changed = open(
        () => new Response(Uint8Array.of(9), { status: 206, headers: { 'content-range': 'bytes 2-2/3' } }),
      );
      await expect(changed).rejects.toMatchObject({ code: 'NETWORK' });
      const { source } = await open((range) => new Response(weights, { status: range ? 500 : 200 }));
      expect(await source!.read(0, 3)).toEqual(weights);
    });

    it('by a signal leaves nothing', async () => {
      const stop = new AbortController();
      const opened = open(() => {
        setTimeout(() => stop.abort(new Error('enough')));
        return new Response(new ReadableStream({ start: (controller) => controller.enqueue(weights.slice(0, 2)) }));
      }, stop.signal);
      await expect(opened).rejects.toThrow('enough');
      const { source } = await open((range) => new Response(weights, { status: range ? 500 : 200 }));
      expect(await source!.read(0, 3)).toEqual(weights);
    });
  });

  it('reports progress in bytes and stops with the reason of a signal', async () => {
    const { fetch } = await fakeHub();
    const seen: number[] = [];
    const files = hub('org/model', { endpoint, fetch, onProgress: ({ done }) => seen.push(done) });
    await files.open('model.safetensors');
    expect(seen.at(-1)).toBe(weights.length);
    const reason = new Error('enough');
    await expect(files.open('config.json', AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("asks by the platform's fetch where none is given", async () => {
    const opened = hub('org/model', { endpoint: location.origin }).open('config.json');
    await expect(opened).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('HTTP 404') });
  });
});
