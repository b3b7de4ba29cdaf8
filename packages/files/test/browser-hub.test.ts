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

/** A hub with one model, and what it was asked for. */
async function fakeHub(sent: Uint8Array<ArrayBuffer> = weights) {
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
