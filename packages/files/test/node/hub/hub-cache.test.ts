import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckedFile, downloadModel, hub, listCache, verifyCache } from '@diptych/files/node';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../weights.ts';
import { withFolder, writeModel } from './hub-folder.ts';
import { commit, gitSha1, listing, sha256, small, weights, withHub } from './hub-server.ts';

const config = small['config.json']!;

async function verified(cache: string): Promise<readonly CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for await (const file of verifyCache({ cacheFolder: cache })) checked.push(file);
  return checked;
}

/** What is wrong, with the path inside the cache. */
async function problems(cache: string): Promise<readonly string[]> {
  const checked = await verified(cache);
  return checked.flatMap(({ path, problem }) => (problem ? [`${path.slice(cache.length + 1)}: ${problem}`] : []));
}

describe('a cache that another tool wrote', () => {
  it('is read offline', async () => {
    await withFolder(async (cacheFolder) => {
      await writeModel(cacheFolder, 'org/model');
      expect(await readWeights(hub('org/model', { cacheFolder, offline: true }))).toEqual(weights);
    });
  });

  it('is listed with its revisions, files and bytes', async () => {
    await withFolder(async (cacheFolder) => {
      await writeModel(cacheFolder, 'org/model');
      await writeModel(cacheFolder, 'gpt2');
      const size = weights.length + config.length;
      const path = (folder: string) => join(cacheFolder, folder, 'snapshots', commit);
      const revision = { commit, size, refs: ['main'], files: ['config.json', 'model.safetensors'] };
      expect(await listCache(cacheFolder)).toEqual([
        { name: 'gpt2', size, revisions: [{ ...revision, path: path('models--gpt2') }] },
        { name: 'org/model', size, revisions: [{ ...revision, path: path('models--org--model') }] },
      ]);
    });
  });

  it('holds no model where there is no folder', async () => {
    expect(await listCache('/no/such/folder')).toEqual([]);
    expect(await problems('/no/such/folder')).toEqual([]);
  });
});

describe('verifyCache', () => {
  it('finds nothing wrong with a whole cache, and reads all of it', async () => {
    await withFolder(async (cache) => {
      await writeModel(cache, 'org/model');
      const checked = await verified(cache);
      expect(
        checked
          .map(({ model, files, size, problem }) => ({ model, files, size, problem }))
          .toSorted((a, b) => a.size - b.size),
      ).toEqual([
        { model: 'org/model', files: ['config.json'], size: config.length, problem: undefined },
        { model: 'org/model', files: ['model.safetensors'], size: weights.length, problem: undefined },
      ]);
    });
  });

  it('names a file whose content changed and a link to nothing', async () => {
    await withFolder(async (cache) => {
      const folder = await writeModel(cache, 'org/model');
      const changed = weights.slice();
      changed[0]! ^= 1;
      await writeFile(join(folder, 'blobs', sha256(weights)), changed);
      await rm(join(folder, 'blobs', gitSha1(config)));
      expect(await problems(cache)).toEqual([
        `models--org--model/blobs/${sha256(weights)}: expected sha256 ${sha256(weights)}, got ${sha256(changed)}`,
        `models--org--model/snapshots/${commit}/config.json: a link to nothing`,
      ]);
    });
  });

  it('reads one model alone when it is named', async () => {
    await withFolder(async (cacheFolder) => {
      for (const name of ['gpt2', 'org/model']) await writeModel(cacheFolder, name);
      const models: string[] = [];
      for await (const { model } of verifyCache({ cacheFolder, model: 'gpt2' })) models.push(model);
      expect(models).toEqual(['gpt2', 'gpt2']);
    });
  });

  it('passes over unfinished downloads', async () => {
    await withFolder(async (cache) => {
      const folder = await writeModel(cache, 'org/model');
      await writeFile(join(folder, 'blobs', `${sha256(weights)}.incomplete`), 'half');
      expect(await problems(cache)).toEqual([]);
    });
  });

  it('stops with the reason of an aborted signal', async () => {
    await withFolder(async (cache) => {
      await writeModel(cache, 'org/model');
      const reason = new Error('enough');
      await expect(verifyCache({ cacheFolder: cache, signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason);
    });
  });
});

describe('downloadModel', () => {
  /** A listing of empty files. */
  const listed = (paths: readonly string[]) => ({
    ...listing(),
    siblings: paths.map((rfilename) => ({ rfilename, size: 0, blobId: gitSha1(new Uint8Array()) })),
  });

  /** What is downloaded of a model that has `paths`. */
  async function downloaded(paths: readonly string[], files: (path: string) => boolean): Promise<readonly string[]> {
    let found: readonly string[] = [];
    await withFolder(async (cacheFolder) =>
      withHub(async (server) => {
        server.list = (_request, response) => response.end(JSON.stringify(listed(paths)));
        const folder = await downloadModel('org/model', {
          endpoint: server.endpoint,
          cacheFolder,
          files,
        });
        expect(folder).toBe(join(cacheFolder, 'models--org--model', 'snapshots', commit));
        found = (await listCache(cacheFolder))[0]!.revisions[0]!.files;
      }),
    );
    return found;
  }

  it('takes what the caller chooses', async () => {
    expect(await downloaded(['a.bin', 'b.bin'], (path) => path === 'b.bin')).toEqual(['b.bin']);
  });

  it('says that there is nothing to take', async () => {
    await expect(downloaded(['a.bin'], () => false)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
