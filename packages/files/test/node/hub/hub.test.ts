import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hub } from '@diptych/files/node';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../weights.ts';
import { paths, withFolder } from './hub-folder.ts';
import { commit, gitSha1, listing, secret, sha256, small, weights, withHub, type FakeHub } from './hub-server.ts';

/** A hub, a cache and a model of them. */
async function withModel(
  body: (
    model: (options?: Parameters<typeof hub>[1]) => ReturnType<typeof hub>,
    server: FakeHub,
    cacheFolder: string,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (cacheFolder) =>
    withHub(async (server) => {
      const { endpoint } = server;
      await body(
        (options) => hub('org/model', { endpoint, cacheFolder, token: secret, offline: false, ...options }),
        server,
        cacheFolder,
      );
    }),
  );
}

const folder = 'models--org--model';

describe('hub', () => {
  it('leaves a cache in the layout of huggingface_hub, and nothing else', async () => {
    await withModel(async (model, _server, cache) => {
      const files = model();
      expect((await readWeights(files))[1]).toBe(7);
      await files.open('1_Pooling/config.json');
      const pooling = gitSha1(small['1_Pooling/config.json']!);
      expect(await paths(join(cache, folder))).toEqual([
        ...[pooling, sha256(weights)].toSorted().map((hash) => `blobs/${hash}`),
        'refs/main',
        `snapshots/${commit}/1_Pooling/config.json`,
        `snapshots/${commit}/model.safetensors`,
      ]);
      const snapshot = join(cache, folder, 'snapshots', commit);
      expect(await readlink(join(snapshot, 'model.safetensors'))).toBe(`../../blobs/${sha256(weights)}`);
      expect(await readlink(join(snapshot, '1_Pooling', 'config.json'))).toBe(`../../../blobs/${pooling}`);
      expect(await readFile(join(cache, folder, 'refs', 'main'), 'utf8')).toBe(commit);
      expect(new Uint8Array(await readFile(join(snapshot, 'model.safetensors')))).toEqual(weights);
    });
  });

  it('asks for the list once, and for no file that is kept or not listed', async () => {
    await withModel(async (model, { requests }) => {
      await model().open('model.safetensors');
      requests.length = 0;
      const files = model();
      expect(await files.open('model.safetensors.index.json')).toBeUndefined();
      expect((await files.open('model.safetensors'))?.size).toBe(weights.length);
      expect(requests.map(({ url }) => url)).toEqual(['/api/models/org/model/revision/main?blobs=true']);
    });
  });

  it('sends the token to the hub and not to where it redirects', async () => {
    await withModel(async (model, { requests }) => {
      await model().open('model.safetensors');
      const told = requests.map(({ host, authorization }) => [host, authorization]);
      expect(told).toEqual([
        ['hub', `Bearer ${secret}`],
        ['hub', `Bearer ${secret}`],
        ['network', undefined],
      ]);
    });
  });

  it('keeps a revision with a slash, and empty files', async () => {
    await withModel(async (model, _server, cache) => {
      const files = model({ revision: 'refs/pr/1' });
      expect(files.id).toBe('org/model@refs/pr/1');
      expect((await files.open('empty.txt'))?.size).toBe(0);
      expect(await readFile(join(cache, folder, 'refs/refs/pr/1'), 'utf8')).toBe(commit);
    });
  });

  it('reports progress in bytes, rising to the size', async () => {
    await withModel(async (model) => {
      const seen: number[] = [];
      await model({
        onProgress: ({ done, total, path }) =>
          seen.push(path === 'model.safetensors' && total === weights.length ? done : NaN),
      }).open('model.safetensors');
      expect(seen.at(-1)).toBe(weights.length);
      expect(seen.every((done, i) => done > (seen[i - 1] ?? 0))).toBe(true);
    });
  });

  it('asks nobody for a commit that is kept', async () => {
    await withModel(async (model, { requests }) => {
      await model({ revision: commit }).open('config.json');
      requests.length = 0;
      expect((await model({ revision: commit }).open('config.json'))?.size).toBe(small['config.json']!.length);
      expect(requests).toEqual([]);
    });
  });
});

describe('hub without the hub', () => {
  it('offline, reads what is kept and asks nobody', async () => {
    await withModel(async (model, { requests }) => {
      await model().open('config.json');
      requests.length = 0;
      const files = model({ offline: true });
      expect((await files.open('config.json'))?.size).toBe(small['config.json']!.length);
      expect(await files.open('model.safetensors')).toBeUndefined();
      expect(requests).toEqual([]);
    });
  });

  it('offline, says that it has nothing of the model', async () => {
    await withModel(async (model) => {
      const opened = model({ offline: true }).open('config.json');
      await expect(opened).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringMatching(/org\/model.*offline/),
      });
    });
  });

  it('uses what is kept while the hub fails, and no less than that', async () => {
    await withModel(async (model, server) => {
      await model().open('config.json');
      server.list = (_request, response) => response.writeHead(503).end();
      expect((await model().open('config.json'))?.size).toBe(small['config.json']!.length);
      await expect(model().open('model.safetensors')).rejects.toMatchObject({ code: 'NETWORK' });
    });
  });
});

describe('a hub that refuses or fails is an error with the model, the status and no token', () => {
  it.each([
    [401, 'NOT_FOUND'],
    [403, 'NOT_FOUND'],
    [404, 'NOT_FOUND'],
    [416, 'NETWORK'],
    [429, 'NETWORK'],
    [500, 'NETWORK'],
    [503, 'NETWORK'],
  ])('HTTP %i is %s', async (status, code) => {
    await withModel(async (model, server) => {
      server.list = (_request, response) =>
        response.writeHead(status, { 'x-error-message': 'told by the hub', 'retry-after': '7' }).end();
      const opened = model().open('config.json');
      await expect(opened).rejects.toMatchObject({ code });
      await expect(opened).rejects.toThrow(new RegExp(`^org/model: .*${status} told by the hub`));
      await expect(opened).rejects.not.toThrow(secret);
      server.list = undefined;
      server.send = (_request, response) => response.writeHead(status).end();
      await expect(model().open('model.safetensors')).rejects.toMatchObject({ code });
    });
  });

  it('an unknown revision and an unknown model', async () => {
    await withModel(async (model, { endpoint }) => {
      await expect(model({ revision: 'v9' }).open('config.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(hub('org/other', { endpoint }).open('config.json')).rejects.toThrow(
        /Repository not found.*give a token/,
      );
    });
  });

  it('a host that refuses the connection', async () => {
    await withModel(async (model) => {
      await expect(model({ endpoint: 'http://127.0.0.1:1' }).open('config.json')).rejects.toMatchObject({
        code: 'NETWORK',
      });
    });
  });

  const other = (change: object) => ({ ...listing(), siblings: [{ ...listing().siblings[0], ...change }] });
  it.each<[problem: string, listed: unknown]>([
    ['a path that leaves the cache', other({ rfilename: '../../x' })],
    ['a commit that leaves the cache', { ...listing(), sha: '../../../x' }],
    ['a hash that leaves the cache', other({ blobId: '../../x'.padEnd(40, 'x') })],
    ['no hash', other({ blobId: undefined })],
    ['a size below zero', other({ size: -1 })],
    ['no files', { sha: commit }],
    ['no object', null],
  ])('a listing with %s', async (_problem, listed) => {
    await withModel(async (model, server) => {
      server.list = (_request, response) => response.end(JSON.stringify(listed));
      await expect(model().open('config.json')).rejects.toMatchObject({ code: 'NETWORK' });
    });
  });

  it.each([
    ['../model', {}],
    ['org/model/x', {}],
    ['org--x/model', {}],
    ['org/..', {}],
    ['', {}],
    ['org/model', { revision: '../main' }],
    ['org/model', { revision: '' }],
    ['org/model', { token: 'two\nlines' }],
  ])('%j with %j is impossible', (name, options) => {
    expect(() => hub(name, options)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => hub(name, options)).not.toThrow(/two/);
  });

  it.each(['../x', '/etc/passwd'])('%j is no file of a model', async (path) => {
    await expect(hub('org/model').open(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
