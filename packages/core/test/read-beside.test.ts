import { readBeside } from '@diptych/core';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

describe('a file beside code', () => {
  it('is fetched, with the signal', async () => {
    const fetched = vi.fn<typeof fetch>(async () => new Response(Uint8Array.of(1, 2)));
    vi.stubGlobal('fetch', fetched);
    const { signal } = new AbortController();
    const url = new URL('https://a.example/kernels.wasm');
    expect(await readBeside(url, signal)).toEqual(Uint8Array.of(1, 2));
    expect(fetched).toHaveBeenCalledWith(url, { signal });
  });

  it('that a bundler put into its address is not fetched, which a policy may forbid', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new Error('forbidden')));
    const url = new URL(`data:application/wasm;base64,${btoa('\0asm')}`);
    expect(await readBeside(url)).toEqual(Uint8Array.of(0, 0x61, 0x73, 0x6d));
  });

  it('that a server does not give is an error with its status', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
    await expect(readBeside(new URL('https://a.example/kernels.wasm'))).rejects.toMatchObject({
      code: 'NETWORK',
      where: 'https://a.example/kernels.wasm',
      got: '404',
    });
  });
});
