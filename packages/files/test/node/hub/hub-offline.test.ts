import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hub, type NodeHubOptions } from '@diptych/files/node';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../weights.ts';
import { paths, withFolder, writeModel } from './hub-folder.ts';
import { commit, gitSha1, listing, sha256, small, weights, withHub, type FakeHub } from './hub-server.ts';

const folder = 'models--org--model';
const name = 'org/model';
const config = small['config.json']!;

interface Scene {
  readonly server: FakeHub;
  readonly cache: string;
  readonly model: (options?: NodeHubOptions) => ReturnType<typeof hub>;
}

async function withModel(body: (scene: Scene) => Promise<void>): Promise<void> {
  await withFolder(async (cache) =>
    withHub(async (server) => {
      const options = { endpoint: server.endpoint, cacheFolder: cache, offline: false };
      await body({ server, cache, model: (more) => hub(name, { ...options, ...more }) });
    }),
  );
}

/** What a model has of a configuration, of a file that it has not, and of its weights. */
async function contents(files: ReturnType<typeof hub>) {
  const sizes = [(await files.open('config.json'))?.size, (await files.open('modules.json'))?.size];
  return [...sizes, (await readWeights(files))[1]];
}

const whole = [config.length, undefined, 7];

/** Answers everything with a status. */
function fail(server: FakeHub, status: number, headers: Readonly<Record<string, string>> = {}): void {
  server.list = (_request, response) => response.writeHead(status, headers).end();
  server.send = server.list;
}

describe('a commit that is kept', () => {
  it('is opened without a request, with the files that it is known not to have', async () => {
    await withModel(async ({ server, model }) => {
      expect(await contents(model({ revision: commit }))).toEqual(whole);
      server.requests.length = 0;
      expect(await contents(model({ revision: commit }))).toEqual(whole);
      expect(server.requests).toEqual([]);
    });
  });

  it('asks once for a file that nobody asked for before', async () => {
    await withModel(async ({ server, cache, model }) => {
      await writeModel(cache, name);
      const files = model({ revision: commit });
      expect(await files.open('other.json')).toBeUndefined();
      expect(await files.open('other.json')).toBeUndefined();
      expect(await model({ revision: commit }).open('other.json')).toBeUndefined();
      expect(server.requests).toHaveLength(1);
    });
  });

  it('that is not there at all is an error offline, and no model without files', async () => {
    await withModel(async ({ model }) => {
      const opened = model({ revision: commit, offline: true }).open('config.json');
      await expect(opened).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});

describe('a file that a model has not', () => {
  it('is remembered as huggingface_hub does', async () => {
    await withModel(async ({ cache, model }) => {
      await model().open('config.json');
      await model().open('2_Dense/config.json');
      const path = `.no_exist/${commit}/2_Dense/config.json`;
      expect(await paths(join(cache, folder))).toEqual([
        path,
        `blobs/${gitSha1(config)}`,
        'refs/main',
        `snapshots/${commit}/config.json`,
      ]);
      expect(await readFile(join(cache, folder, path), 'utf8')).toBe('');
    });
  });

  it('is absent by the note of another tool', async () => {
    await withModel(async ({ server, cache, model }) => {
      await mkdir(join(await writeModel(cache, name), '.no_exist', commit), { recursive: true });
      await writeFile(join(cache, folder, '.no_exist', commit, 'modules.json'), '');
      expect(await model({ revision: commit }).open('modules.json')).toBeUndefined();
      expect(server.requests).toEqual([]);
    });
  });
});

describe('what is in the cache opens', () => {
  it.each([400, 401, 403, 404, 408, 429, 500, 502, 503, 504])('when the hub answers %i', async (status) => {
    await withModel(async ({ server, model }) => {
      expect(await contents(model())).toEqual(whole);
      fail(server, status);
      expect(await contents(model())).toEqual(whole);
    });
  });

  // As huggingface_hub 1.33 does after every refusal but that of the revision; a licence may have changed since the download.
  it.each(['GatedRepo', 'RepoNotFound', 'DisabledRepo'])('when the hub says %s', async (reason) => {
    await withModel(async ({ server, cache, model }) => {
      await writeModel(cache, name);
      fail(server, 403, { 'x-error-code': reason, 'x-error-message': 'Access to this resource is disabled.' });
      expect(await contents(model())).toEqual(whole);
      await expect(model({ revision: 'other' }).open('config.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  it.each([401, 403, 404, 503])('when another tool wrote it and the hub answers %i', async (status) => {
    await withModel(async ({ server, cache, model }) => {
      await writeModel(cache, name);
      fail(server, status);
      expect(await contents(model())).toEqual(whole);
      expect(await contents(model({ revision: commit }))).toEqual(whole);
    });
  });

  it('when the hub is gone, sends a page, and is asked no more than once', async () => {
    await withModel(async ({ server, cache, model }) => {
      await writeModel(cache, name);
      expect(await contents(model({ endpoint: 'http://127.0.0.1:1' }))).toEqual(whole);
      server.list = (_request, response) => response.end('<html>log in to the hotel</html>');
      expect(await contents(model())).toEqual(whole);
      expect(server.requests).toHaveLength(1);
    });
  });

  it('offline, whoever wrote it', async () => {
    await withModel(async ({ server, cache, model }) => {
      await writeModel(cache, name);
      expect(await contents(model({ offline: true }))).toEqual(whole);
      expect(await contents(model({ offline: true, revision: commit }))).toEqual(whole);
      expect(server.requests).toEqual([]);
    });
  });

  it('not when the hub says that it has no such revision', async () => {
    await withModel(async ({ server, cache, model }) => {
      await writeModel(cache, name);
      fail(server, 404, { 'x-error-code': 'RevisionNotFound' });
      await expect(model().open('config.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  it('not where its weights never arrived: the error is that of the hub', async () => {
    await withModel(async ({ server, model }) => {
      await model().open('config.json');
      fail(server, 503);
      await expect(model().open('modules.json')).rejects.toMatchObject({ code: 'NETWORK' });
      await expect(readWeights(model())).rejects.toThrow(/503/);
    });
  });
});

describe('a ref', () => {
  const next = 'decade'.padEnd(40, '0');
  const moved = (server: FakeHub, sha: string) => {
    server.list = (_request, response) => response.end(JSON.stringify({ ...listing(), sha }));
  };

  it('follows a branch to a commit whose files are there already', async () => {
    await withModel(async ({ server, cache, model }) => {
      await model().open('config.json');
      moved(server, next);
      await mkdir(join(cache, folder, 'snapshots', next), { recursive: true });
      await writeFile(join(cache, folder, 'snapshots', next, 'config.json'), config);
      await model().open('config.json');
      expect(await readFile(join(cache, folder, 'refs/main'), 'utf8')).toBe(next);
    });
  });

  it('is not written again while it is right', async () => {
    await withModel(async ({ cache, model }) => {
      const main = join(cache, folder, 'refs/main');
      await model().open('config.json');
      const { ino } = await stat(main);
      await model().open('1_Pooling/config.json');
      expect((await stat(main)).ino).toBe(ino);
    });
  });

  it('of a commit is none', async () => {
    await withModel(async ({ cache, model }) => {
      await model({ revision: commit }).open('config.json');
      expect(await paths(join(cache, folder, 'refs')).catch(() => [])).toEqual([]);
    });
  });

  it('that cannot be written keeps nobody from the files', async () => {
    await withModel(async ({ cache, model }) => {
      await mkdir(join(cache, folder), { recursive: true });
      await writeFile(join(cache, folder, 'refs'), 'a file where the folder should be');
      expect((await model().open('config.json'))?.size).toBe(config.length);
      expect(await paths(join(cache, folder))).toEqual([
        `blobs/${gitSha1(config)}`,
        'refs',
        `snapshots/${commit}/config.json`,
      ]);
    });
  });

  it('with another content than a commit is none', async () => {
    await withModel(async ({ cache, model }) => {
      await writeFile(join(await writeModel(cache, name), 'refs/main'), '../../elsewhere');
      await expect(model({ offline: true }).open('config.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});

describe('a link to nothing', () => {
  it('is no file: it is downloaded again', async () => {
    await withModel(async ({ cache, model }) => {
      await rm(join(await writeModel(cache, name), 'blobs', sha256(weights)));
      expect((await model().open('model.safetensors'))?.size).toBe(weights.length);
    });
  });
});
