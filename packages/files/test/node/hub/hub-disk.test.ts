import { link, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directory, hub, listCache, replaceFile } from '@diptych/files/node';
import { describe, expect, it } from 'vitest';
import { paths, withFolder } from './hub-folder.ts';
import { sha256, weights, withHub } from './hub-server.ts';

const blobs = 'models--org--model/blobs';
const file = 'model.safetensors';

/** A cache with an empty folder of contents, and a download into it. */
async function withCache(body: (cache: string, download: () => Promise<unknown>) => Promise<void>): Promise<void> {
  await withFolder(async (cache) =>
    withHub(async ({ endpoint }) => {
      await mkdir(join(cache, blobs), { recursive: true });
      await body(cache, async () => hub('org/model', { endpoint, cacheFolder: cache }).open(file));
    }),
  );
}

describe('a link where an unfinished download would be', () => {
  it.each([
    ['symbolic', symlink],
    ['hard', link],
  ])('%s, is not followed: its target stays as it is', async (_kind, make) => {
    await withCache(async (cache, download) => {
      const target = join(cache, 'precious');
      await writeFile(target, 'mine');
      await make(target, join(cache, blobs, `${sha256(weights)}.none.1.incomplete`));
      await download();
      expect(await readFile(target, 'utf8')).toBe('mine');
      expect(sha256(await readFile(join(cache, blobs, sha256(weights))))).toBe(sha256(weights));
    });
  });

  it('is not followed when a file is replaced, either', async () => {
    await withFolder(async (folder) => {
      const [target, path] = [join(folder, 'precious'), join(folder, 'run.safetensors')];
      await writeFile(target, 'mine');
      await symlink(target, `${path}.partial`);
      await replaceFile(path, Uint8Array.of(1));
      expect(await readFile(target, 'utf8')).toBe('mine');
      expect([...(await readFile(path))]).toEqual([1]);
    });
  });
});

describe('what interrupted downloads left', () => {
  it('is removed with the content that it was of, and of others after a week', async () => {
    await withCache(async (cache, download) => {
      const [old, other] = ['0'.repeat(64), '1'.repeat(64)];
      const uuid = '00000000-0000-4000-8000-000000000000';
      const names = [
        `${sha256(weights)}.none.1.incomplete`,
        `${sha256(weights)}.none.2.incomplete`,
        `${old}.none.1.incomplete`,
        `${uuid}.incomplete`,
      ];
      for (const name of names) await writeFile(join(cache, blobs, name), '');
      const kept = [`${other}.none.1.incomplete`, `${other}.incomplete`];
      for (const name of kept) await writeFile(join(cache, blobs, name), '');
      const week = new Date(Date.now() - 8 * 86_400_000);
      for (const name of [...names.slice(2), `${other}.incomplete`]) await utimes(join(cache, blobs, name), week, week);
      await download();
      expect(await paths(join(cache, blobs))).toEqual([...kept, sha256(weights)].toSorted());
    });
  });
});

describe('a disk that refuses', () => {
  it('a file where a folder should be is an error with its path', async () => {
    await withFolder(async (folder) =>
      withHub(async ({ endpoint }) => {
        const cacheFolder = join(folder, 'cache');
        await writeFile(cacheFolder, '');
        const opened = hub('org/model', { endpoint, cacheFolder }).open(file);
        await expect(opened).rejects.toMatchObject({
          code: 'INPUT_INVALID',
          message: expect.stringMatching(/cache.*: expected what can be written, got (ENOTDIR|EEXIST)/),
        });
      }),
    );
  });

  it('a file where the cache should be is an error with its path when it is listed', async () => {
    await withFolder(async (folder) => {
      const cacheFolder = join(folder, 'cache');
      await writeFile(cacheFolder, '');
      await expect(listCache(cacheFolder)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining(`${cacheFolder}: expected what can be read, got ENOTDIR`),
      });
    });
  });

  // Node itself would ask for ever: its mkdir with `recursive` takes ENOENT for a missing folder above.
  it.runIf(process.platform === 'linux')('a place where no folder can be is an error at once', async () => {
    await withHub(async ({ endpoint }) => {
      const opened = hub('org/model', { endpoint, cacheFolder: '/proc/nowhere' }).open(file);
      await expect(opened).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('/proc/nowhere: expected what can be written, got ENOENT'),
      });
    });
  });

  it('a folder where a content should be is an error with its path', async () => {
    await withCache(async (cache, download) => {
      await mkdir(join(cache, blobs, sha256(weights), 'x'), { recursive: true });
      await expect(download()).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining(join(cache, blobs)),
      });
    });
  });

  it('a link in a circle is an error with its path', async () => {
    await withFolder(async (folder) => {
      await symlink('config.json', join(folder, 'config.json'));
      await expect(directory(folder).open('config.json')).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining(`${join(folder, 'config.json')}: expected what can be read, got ELOOP`),
      });
    });
  });
});
