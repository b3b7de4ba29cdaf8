import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSafetensors, openCheckpoint } from '@diptych/checkpoint';
import { jsonLines } from '@diptych/datasets';
import { type Files, urlFiles } from '@diptych/files';
import { directory } from '@diptych/files/node';
import { describe, expect, it, onTestFinished } from 'vitest';

const rows = 40_000;
const text = Array.from({ length: rows }, (_, i) => `{"image":"${i}.jpg","captions":["a photo of a dog"]}\n`).join('');
const lines = new TextEncoder().encode(text);
const weights = encodeSafetensors(new Map([['a', { shape: [2_500_000], data: new Uint8Array(2_500_000).fill(7) }]]));

/** What files are read for, and how: a model, whose arrays are asked for by name, and a data set, which is read in order. */
const uses = [
  {
    use: 'a model',
    content: new Uint8Array(weights),
    path: 'model.safetensors',
    read: async (files: Files) => (await (await openCheckpoint(files)).read('a')).data.length,
    length: 2_500_000,
  },
  {
    use: 'a data set',
    content: lines,
    path: 'captions.jsonl',
    read: async (files: Files) => {
      let count = 0;
      for await (const _ of jsonLines({ id: files.id, open: files.open.bind(files) }, 'captions.jsonl')) count++;
      return count;
    },
    length: rows,
  },
];

interface Server {
  /** `undefined` where the request names no range. */
  readonly range: readonly [begin: number, end: number] | undefined;
  readonly content: Uint8Array<ArrayBuffer>;
  /** From 0. */
  readonly request: number;
  readonly url: string;
}

const part = ({ range, content }: Server, headers: Record<string, string> = {}): Response => {
  const [begin, end] = range ?? [0, content.length];
  const until = Math.min(end, content.length);
  const contentRange = `bytes ${begin}-${until - 1}/${content.length}`;
  return new Response(content.slice(begin, until), {
    status: 206,
    headers: { 'content-range': contentRange, ...headers },
  });
};

/** A `fetch` that `answer` answers for the one file there is. */
function serving(path: string, content: Uint8Array<ArrayBuffer>, answer: (server: Server) => Response) {
  let request = 0;
  return async (url: string, init: RequestInit): Promise<Response> => {
    if (!url.endsWith(path)) return new Response(null, { status: 404 });
    const [, begin, last] = /^bytes=(\d+)-(\d+)$/.exec(new Headers(init.headers).get('range') ?? '') ?? [];
    const range = begin === undefined ? undefined : ([Number(begin), Number(last) + 1] as const);
    return answer({ range, content, request: request++, url });
  };
}

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe.each(uses)('$use', ({ content, path, read, length }) => {
  const from = (answer: (server: Server) => Response, base = 'https://host/set') =>
    read(urlFiles(base, { fetch: serving(path, content, answer) }));

  it('is read by ranges, and whole where there are none', async () => {
    expect(await from(part)).toBe(length);
    expect(await from((server) => new Response(server.content))).toBe(length);
  });

  it('is read whole where the size is not to be seen, or no range fits', async () => {
    const whole = (status: number) => (server: Server) =>
      server.range ? new Response(null, { status }) : new Response(server.content);
    expect(await from(whole(206))).toBe(length);
    expect(await from(whole(416))).toBe(length);
  });

  it('is not a page that a host sends for what it does not have', async () => {
    const page = () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } });
    await expect(from(page)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is one file: not one that changes between two reads', async () => {
    await expect(from((server) => part(server, { etag: `"${server.request}"` }))).rejects.toMatchObject({
      code: 'NETWORK',
    });
  });

  it('is the bytes that were asked for, not others of the same length', async () => {
    const shifted = (server: Server) => {
      const [begin, end] = server.range!;
      const until = Math.min(end, server.content.length);
      const other = `bytes ${begin + 1}-${until}/${server.content.length}`;
      return server.request === 0 ? part(server) : part(server, { 'content-range': other });
    };
    await expect(from(shifted)).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('is below an address, whose query is not part of it', async () => {
    const asked: string[] = [];
    const answer = (server: Server) => {
      asked.push(server.url);
      return part(server);
    };
    expect(await from(answer, 'https://host/set/?v=1#top')).toBe(length);
    expect(new Set(asked)).toEqual(new Set([`https://host/set/${path}`]));
    await expect(async () => from(part, 'no address')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('is in a folder that is there', async () => {
    const top = await scratch();
    await writeFile(join(top, path), content);
    expect(await read(directory(top))).toBe(length);
    const missing = read(directory(join(top, 'missing')));
    await expect(missing).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('expected a folder'),
    });
  });

  it('has names that no system refuses in words of its own', async () => {
    const top = await scratch();
    const long = 'x'.repeat(300);
    await expect(directory(top).open(long)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(directory(top).open('x/'.repeat(2100) + 'x')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(urlFiles('https://host').open('x/'.repeat(2100) + 'x')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('that is gone when it is read says so', async () => {
    const top = await scratch();
    await writeFile(join(top, path), content);
    const file = await directory(top).open(path);
    await rm(join(top, path));
    await expect(file!.read(0, 8)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('tells which files are there without reading them', async () => {
    const top = await scratch();
    await writeFile(join(top, path), content);
    const files = directory(top);
    expect([await files.has?.(path), await files.has?.('other')]).toEqual([true, false]);
  });
});
