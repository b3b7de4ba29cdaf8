import { createHash } from 'node:crypto';
import { openCheckpoint } from '@diptych/checkpoint';
import { hub } from '@diptych/files/node';
import { expect, it } from 'vitest';
import { safetensorsBytes } from '../bytes.ts';
import { withFolder } from './with-folder.ts';

const commit = 'c0ffee'.padEnd(40, '0');

const size = 3_000_000;
const file = safetensorsBytes(
  {
    scale: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
    table: { dtype: 'U8', shape: [size], data_offsets: [1, size + 1] },
  },
  Uint8Array.from({ length: size + 1 }, (_, i) => i * 7),
);

/** A hub with a file of three megabytes, and the ranges that it was asked for. */
function largeFile({ ranges = true, shift = 0 } = {}): {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: (string | null)[];
} {
  const asked: (string | null)[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { url, headers } = new Request(input, init);
    if (url.includes('/api/models/')) {
      const sha256 = createHash('sha256').update(file).digest('hex');
      return Response.json({
        sha: commit,
        siblings: [{ rfilename: 'model.safetensors', size: file.length, blobId: '0'.repeat(40), lfs: { sha256 } }],
      });
    }
    const range = headers.get('range');
    asked.push(range);
    const [, begin, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    if (!ranges || begin === undefined) return new Response(file);
    const [from, to] = [Number(begin) + shift, Number(end) + shift];
    const sent = { 'content-range': `bytes ${from}-${to}/${file.length}` };
    return new Response(file.slice(from, to + 1), { status: 206, headers: sent });
  };
  return { fetch, asked };
}

it('of a large file no more than the header is fetched before an array is read', async () => {
  await withFolder(async (cacheFolder) => {
    const { fetch, asked } = largeFile();
    const files = hub('org/model', { cacheFolder, fetch });
    const checkpoint = await openCheckpoint(files);
    expect(checkpoint.shape('table')).toEqual([size]);
    expect(asked).toEqual(['bytes=0-262143']);
    expect(
      await hub('org/model', { cacheFolder, fetch, offline: true })
        .open('model.safetensors')
        .catch(() => undefined),
    ).toBeUndefined();
    expect((await checkpoint.read('table')).data.slice(0, 3)).toEqual(Uint8Array.of(7, 14, 21));
    expect((await checkpoint.read('scale')).data).toEqual(Uint8Array.of(0));
    expect(asked.slice(1)).toEqual([null]);
  });
});

it('fetching brings the file into the cache, where a second opening finds it', async () => {
  await withFolder(async (cacheFolder) => {
    const { fetch, asked } = largeFile();
    await (
      await openCheckpoint(hub('org/model', { cacheFolder, fetch }))
    ).fetch!();
    expect(asked).toHaveLength(2);
    const again = await openCheckpoint(hub('org/model', { cacheFolder, fetch, offline: true }));
    expect((await again.read('table')).shape).toEqual([size]);
    expect(asked).toHaveLength(2);
  });
});

it('a hub that sends no ranges is asked for the whole', async () => {
  await withFolder(async (cacheFolder) => {
    const { fetch, asked } = largeFile({ ranges: false });
    const checkpoint = await openCheckpoint(hub('org/model', { cacheFolder, fetch }));
    expect((await checkpoint.read('scale')).data).toEqual(Uint8Array.of(0));
    expect(asked).toEqual(['bytes=0-262143', null]);
  });
});

it('a hub that sends other bytes than it was asked for is refused', async () => {
  await withFolder(async (cacheFolder) => {
    const { fetch } = largeFile({ shift: 8 });
    await expect(openCheckpoint(hub('org/model', { cacheFolder, fetch }))).rejects.toMatchObject({
      code: 'NETWORK',
      expected: '262144 bytes, bytes 0-262143/',
      got: `262144, bytes 8-262151/${file.length}`,
    });
  });
});
