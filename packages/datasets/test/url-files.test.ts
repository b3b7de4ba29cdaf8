import { urlFiles } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';

const content = Uint8Array.from({ length: 9_000_000 }, (_, i) => i % 251);

/** A server of one file, and what it was asked for. */
function server({ ranges = true, status = 0 } = {}) {
  const asked: string[] = [];
  const fetch = async (url: string, { headers }: RequestInit): Promise<Response> => {
    const range = new Headers(headers).get('range') ?? '';
    asked.push(`${url} ${range}`);
    if (status) return new Response(null, { status });
    if (!url.endsWith('/a%20b.bin')) return new Response('not here', { status: 404 });
    if (!ranges) return new Response(content);
    const [begin = 0, last = 0] = range.slice(6).split('-').map(Number);
    const end = Math.min(last + 1, content.length);
    const contentRange = `bytes ${begin}-${end - 1}/${content.length}`;
    return new Response(content.slice(begin, end), { status: 206, headers: { 'content-range': contentRange } });
  };
  return { asked, files: urlFiles('https://host/set/', { fetch }) };
}

describe('urlFiles', () => {
  it.each([true, false])('reads the same bytes where ranges are %s', async (ranges) => {
    const file = await server({ ranges }).files.open('a b.bin');
    expect(file?.size).toBe(content.length);
    for (const [begin, end] of [
      [0, 10],
      [4_194_000, 4_195_000],
      [8_999_990, 9_000_000],
      [5, 5],
    ] as const) {
      expect(await file?.read(begin, end)).toEqual(content.slice(begin, end));
    }
  });

  it('asks once for what lies together', async () => {
    const { asked, files } = server();
    const file = await files.open('a b.bin');
    for (let at = 5_000_000; at < 5_100_000; at += 1000) await file?.read(at, at + 512);
    expect(asked).toEqual([
      'https://host/set/a%20b.bin bytes=0-4194303',
      'https://host/set/a%20b.bin bytes=4194304-8388607',
    ]);
  });

  it('has no file where the server has none', async () => {
    expect(await server().files.open('other.bin')).toBeUndefined();
  });

  it('refuses a path that leaves', async () => {
    await expect(server().files.open('../a b.bin')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it.each([500, 403, 416])('says that the server answered %i', async (status) => {
    const message = expect.stringContaining(`got ${status}`);
    await expect(server({ status }).files.open('a b.bin')).rejects.toMatchObject({ code: 'NETWORK', message });
  });

  it('says what failed, or the reason of the signal', async () => {
    const fetch = async () => {
      throw new TypeError('no route');
    };
    const files = urlFiles('https://host', { fetch });
    await expect(files.open('a')).rejects.toMatchObject({ code: 'NETWORK', message: 'https://host/a: no route' });
    await expect(files.open('a', AbortSignal.abort('enough'))).rejects.toBe('enough');
  });
});

describe('a server that means harm', () => {
  /** Zeros without end, and how many were taken. */
  function endless() {
    const taken = { bytes: 0 };
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        taken.bytes += 1 << 16;
        controller.enqueue(new Uint8Array(1 << 16));
      },
    });
    return { taken, stream };
  }

  it('sends more than the 11 bytes that it promised', async () => {
    const { taken, stream } = endless();
    const fetch = async () => new Response(stream, { status: 206, headers: { 'content-range': 'bytes 0-10/11' } });
    await expect(urlFiles('https://host', { fetch }).open('a.csv')).rejects.toMatchObject({
      code: 'NETWORK',
      message: 'https://host/a.csv: expected at most 11 bytes, got more',
    });
    expect(taken.bytes).toBeLessThan(1 << 20);
  });

  it('never answers, or never goes on', async () => {
    const patience = { head: 20, body: 20 };
    const deaf = async (_url: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('late'))));
    const silent = async () => new Response(new ReadableStream({}));
    for (const fetch of [deaf, silent]) {
      const opened = urlFiles('https://host', { fetch, patience }).open('a.csv');
      await expect(opened).rejects.toMatchObject({ code: 'NETWORK' });
    }
  });

  it('hears a user and password as a header, which no message tells', async () => {
    const asked: string[] = [];
    const fetch = async (url: string, { headers }: RequestInit) => {
      asked.push(`${url} ${new Headers(headers).get('authorization')}`);
      return new Response(null, { status: 500 });
    };
    const opened = urlFiles('https://me:secret@host/set', { fetch }).open('a.csv');
    await expect(opened).rejects.not.toThrow(/secret/);
    expect(asked).toEqual([`https://host/set/a.csv Basic ${btoa('me:secret')}`]);
  });
});
