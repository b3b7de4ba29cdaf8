import { urlFiles } from '@diptych/files';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../weights.ts';
import { withServer } from './server.ts';

const file = Uint8Array.from({ length: 80 }, (_, i) => i);

describe('urlFiles over HTTP', () => {
  it('reads weights by ranges', async () => {
    await withServer(
      (request, response) => {
        if (request.url !== '/clip/model.safetensors') return response.writeHead(404).end();
        const range = `bytes 0-${file.length - 1}/${file.length}`;
        return response.writeHead(206, { 'content-range': range }).end(file);
      },
      async (base) => {
        const files = urlFiles(`${base}/clip/`);
        expect(await files.open('config.json')).toBeUndefined();
        expect(await readWeights(files)).toEqual(file);
      },
    );
  });

  it('takes a page in place of a file as a file that is not there', async () => {
    await withServer(
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype>'),
      async (base) => {
        expect(await urlFiles(base).open('tokenizer.json')).toBeUndefined();
      },
    );
  });

  it('reports a body that ends early', async () => {
    await withServer(
      (_request, response) => {
        response.writeHead(200, { 'content-length': file.length });
        response.write(file.slice(0, 10), () => response.destroy());
      },
      async (base) => {
        await expect(readWeights(urlFiles(base))).rejects.toMatchObject({
          code: 'NETWORK',
          message: expect.stringContaining(`${base}/model.safetensors`),
        });
      },
    );
  });

  it('stops with the reason of a signal that is aborted while the body arrives', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    await withServer(
      (_request, response) => {
        response.writeHead(200, { 'content-length': file.length });
        response.write(file.slice(0, 10), () => controller.abort(reason));
      },
      async (base) => {
        await expect(readWeights(urlFiles(base), controller.signal)).rejects.toBe(reason);
      },
    );
  });

  it('reports a host that refuses the connection', async () => {
    let closed = '';
    await withServer(
      () => {},
      async (base) => {
        closed = base;
      },
    );
    await expect(readWeights(urlFiles(closed))).rejects.toMatchObject({ code: 'NETWORK' });
  });
});
