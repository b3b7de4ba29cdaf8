import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { urlFiles, type UrlFilesOptions } from '@diptych/files';
import { hub } from '@diptych/files/node';
import { describe, expect, it } from 'vitest';
import { withFolder } from './hub/hub-folder.ts';
import { withHub } from './hub/hub-server.ts';
import { withServer } from './server.ts';

const megabyte = new Uint8Array(1 << 20);

/** Sends until nobody listens any more, and counts. */
function sendForEver(response: ServerResponse, sent: { bytes: number }): void {
  const more = (): void => {
    if (response.destroyed) return;
    sent.bytes += megabyte.length;
    if (response.write(megabyte)) setImmediate(more);
    else response.once('drain', more);
  };
  more();
}

/** One byte, and another, and another. */
function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 20);
  response.on('close', () => clearInterval(timer));
}

type Answer = (response: ServerResponse, sent: { bytes: number }) => void;

/** What opening and reading a file of a server that means harm rejects with, and the bytes that it could send. */
async function attacked(answer: Answer, path: string, options: UrlFilesOptions = {}) {
  const sent = { bytes: 0 };
  let error: unknown;
  await withServer(
    (_request, response) => answer(response, sent),
    async (base) => {
      const opened = urlFiles(base, options).open(path);
      error = await opened.then(async (file) => file?.read(0, file.size)).catch((cause: unknown) => cause);
    },
  );
  return { error, sent: sent.bytes };
}

describe('a folder on a server that means harm', () => {
  it('that promises 11 bytes and sends no end of them', async () => {
    const { error, sent } = await attacked((response, count) => {
      response.writeHead(206, { 'content-range': 'bytes 0-10/11' });
      sendForEver(response, count);
    }, 'model.safetensors');
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringMatching(/model\.safetensors: .*11 bytes/) });
    expect(sent).toBeLessThan(64 * megabyte.length);
  });

  it('that sends a configuration without end', async () => {
    const { error, sent } = await attacked((response, count) => {
      response.writeHead(200);
      sendForEver(response, count);
    }, 'config.json');
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('config.json') });
    expect(sent).toBeLessThan(256 * megabyte.length);
  });

  it('whose 300 kB are 300 MB unpacked', async () => {
    const bomb = gzipSync(new Uint8Array(300 << 20));
    const { error } = await attacked((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    }, 'config.json');
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringMatching(/got more than \d+ bytes/) });
  });

  it('that sends a byte now and then', async () => {
    const { error } = await attacked((response) => drip(response.writeHead(200)), 'config.json', {
      patience: { body: 200 },
    });
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('none in time') });
  });

  it('that never answers', async () => {
    const { error } = await attacked(() => undefined, 'config.json', { patience: { head: 50 } });
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('none in time') });
  });
});

describe('a hub that means harm', () => {
  it('lists without end, slowly, or not at all', async () => {
    await withFolder(async (cacheFolder) =>
      withHub(async (server) => {
        const open = async () =>
          hub('org/model', { endpoint: server.endpoint, cacheFolder, patience: { head: 50, body: 200 } }).open(
            'a.json',
          );
        const sent = { bytes: 0 };
        server.list = (_request, response) => sendForEver(response, sent);
        await expect(open()).rejects.toMatchObject({ code: 'NETWORK' });
        expect(sent.bytes).toBeLessThan(96 * megabyte.length);
        server.list = (_request, response) => drip(response.writeHead(200));
        await expect(open()).rejects.toThrow(/none in time/);
        server.list = () => undefined;
        await expect(open()).rejects.toThrow(/none in time/);
      }),
    );
  });

  it('sends a file slowly', async () => {
    await withFolder(async (cacheFolder) =>
      withHub(async (server) => {
        server.send = (_request, response) => drip(response.writeHead(200));
        const files = hub('org/model', { endpoint: server.endpoint, cacheFolder, patience: { body: 200 } });
        await expect(files.open('model.safetensors')).rejects.toThrow(
          /the download of model\.safetensors: expected an answer, got none in time/,
        );
      }),
    );
  });
});

describe('a user and password in an address', () => {
  it('are sent as a header, and no message tells them', async () => {
    const seen: (string | undefined)[] = [];
    await withServer(
      (request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(500).end();
      },
      async (base) => {
        const address = base.replace('//', '//me:secret@');
        const failed = urlFiles(address).open('config.json');
        await expect(failed).rejects.toThrow(`${base}/config.json`);
        await expect(failed).rejects.not.toThrow(/secret/);
        await withFolder(async (cacheFolder) => {
          const listed = hub('org/model', { endpoint: address, cacheFolder }).open('config.json');
          await expect(listed).rejects.not.toThrow(/secret/);
        });
      },
    );
    expect(seen).toEqual([`Basic ${btoa('me:secret')}`, `Basic ${btoa('me:secret')}`]);
  });

  it('are in no message about a server that cannot be reached or an address that is none', async () => {
    await withFolder(async (cacheFolder) => {
      const endpoint = 'http://me:secret@127.0.0.1:1';
      const opened = hub('org/model', { endpoint, cacheFolder }).open('config.json');
      await expect(opened).rejects.toMatchObject({ code: 'NETWORK' });
      await expect(opened).rejects.not.toThrow(/secret/);
      await expect(urlFiles(endpoint).open('config.json')).rejects.not.toThrow(/secret/);
    });
    expect(() => urlFiles('//me:secret@host/models')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => urlFiles('//me:secret@host/models')).not.toThrow(/secret/);
  });
});
