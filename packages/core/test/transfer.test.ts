import { addressOf, arriving, ask, blobOfBody, bytesOfBody, EmbeddingError, withoutPasswords } from '@diptych/core';
import { given } from '@diptych/golden';
import { describe, expect, it } from 'vitest';

/** A body that brings `count` parts of some bytes, each after `ms`, and says whether it was cancelled. */
function slowBody(count: number, bytes: number, ms: number) {
  const seen = { cancelled: false };
  let i = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (i++ === count) controller.close();
      else controller.enqueue(new Uint8Array(bytes));
    },
    cancel: () => void (seen.cancelled = true),
  });
  return { seen, response: new Response(stream) };
}

const silent = () => new Response(new ReadableStream<Uint8Array<ArrayBuffer>>({}));

describe('a body', () => {
  it('arrives whole', async () => {
    const bytes = Uint8Array.from({ length: 3000 }, (_, i) => i * 7);
    expect(await bytesOfBody(new Response(bytes), { limit: 3000 })).toEqual(bytes);
    expect(new Uint8Array(await (await blobOfBody(new Response(bytes), { limit: 3000 })).arrayBuffer())).toEqual(bytes);
    expect(await bytesOfBody(new Response(null), { limit: 0 })).toEqual(new Uint8Array());
  });

  it('ends where it is longer than its limit, however long it would go on', async () => {
    const { seen, response } = slowBody(1000, 100, 0);
    await expect(bytesOfBody(response, { limit: 250 })).rejects.toThrow('more than 250 bytes');
    expect(seen.cancelled).toBe(true);
  });

  it('ends where nothing arrives', async () => {
    await expect(bytesOfBody(silent(), { limit: 9, body: 20 })).rejects.toThrow('none in time');
  });

  it('ends where less than 1,024 bytes arrive in time, one after the other', async () => {
    const { seen, response } = slowBody(1000, 1, 10);
    await expect(bytesOfBody(response, { limit: 1e6, body: 100 })).rejects.toThrow('none in time');
    expect(seen.cancelled).toBe(true);
  });

  it('may take longer than that as a whole', async () => {
    const { response } = slowBody(20, 1024, 20);
    expect(await bytesOfBody(response, { limit: 1e6, body: 200 })).toHaveLength(20 * 1024);
  });

  it('ends with the reason of a signal, even where the server is silent', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const body = bytesOfBody(silent(), { limit: 9, signal: controller.signal });
    controller.abort(reason);
    await expect(body).rejects.toBe(reason);
  });
});

describe('a question', () => {
  const deaf = async (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    );

  it('is given up where no head arrives, and its connection with it', async () => {
    let heard: unknown;
    const fetch = async (url: string, init: RequestInit) =>
      deaf(url, init).catch((error: unknown) => {
        heard = error;
        throw error;
      });
    await expect(ask(fetch, 'http://host', {}, { head: 20 })).rejects.toThrow('none in time');
    expect(heard).toMatchObject({ message: 'none in time' });
  });

  it('and its answer refuse what is no signal', async () => {
    const signal = given(new AbortController());
    const refusal = { code: 'INPUT_INVALID', where: 'signal', got: 'a AbortController' };
    await expect(ask(deaf, 'http://host', { signal })).rejects.toMatchObject(refusal);
    await expect(bytesOfBody(silent(), { limit: 9, signal })).rejects.toMatchObject(refusal);
  });

  it('is given up with the reason of a signal', async () => {
    const reason = new Error('enough');
    await expect(ask(deaf, 'http://host', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('an address', () => {
  it('says its user and password in a header', () => {
    expect(addressOf('https://m%C3%A9:p%40ss@host/a?b=c')).toEqual({
      url: 'https://host/a?b=c',
      headers: { authorization: `Basic ${btoa('m\u00C3\u00A9:p@ss')}` },
    });
  });

  it.each(['https://host/a@b', './a.png', 'data:text/plain,//x@y', 'blob:https://host/1'])('%s stays', (url) => {
    expect(addressOf(url)).toEqual({ url, headers: {} });
  });

  it('loses its password in messages', () => {
    expect(withoutPasswords('no https://me:p@ss@host/a@b, nor http://x@y')).toBe('no https://host/a@b, nor http://y');
    expect(withoutPasswords('node_modules//@diptych/core')).toBe('node_modules//@diptych/core');
  });
});

describe('what a server sends', () => {
  it('is given as it arrives', async () => {
    expect(await arriving('there', Promise.resolve(7))).toBe(7);
  });

  it('is an error of the network where it does not arrive, with what was asked for and the cause', async () => {
    const cause = new TypeError('fetch failed');
    await expect(arriving('there', Promise.reject(cause))).rejects.toMatchObject({
      code: 'NETWORK',
      message: 'there: expected an answer, got fetch failed',
      where: 'there',
      got: 'fetch failed',
      cause,
    });
  });

  it('keeps an error of ours, and the reason of the signal', async () => {
    const ours = new EmbeddingError('NOT_FOUND', { where: 'there', expected: 'a file', got: 'none' });
    await expect(arriving('there', Promise.reject(ours))).rejects.toBe(ours);
    const reason = new Error('enough');
    await expect(arriving('there', Promise.reject(ours), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
