import type * as FileSystem from 'node:fs/promises';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hub, replaceFile, verifyCache } from '@diptych/files/node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { paths, withFolder, writeModel } from './hub-folder.ts';
import { sha256, weights, withHub } from './hub-server.ts';

/** What a disk says to whoever would change it. */
const refusals = {
  ENOSPC: { errno: -28, message: 'no space left on device' },
  EROFS: { errno: -30, message: 'read-only file system' },
  EDQUOT: { errno: -122, message: 'disk quota exceeded' },
} as const;
const disk = vi.hoisted((): { code?: 'ENOSPC' | 'EROFS' | 'EDQUOT' } => ({}));

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof FileSystem>();
  const refuse = (syscall: string): void => {
    const { code } = disk;
    if (code) throw Object.assign(new Error(`${code}: ${refusals[code].message}, ${syscall}`), { code, syscall });
  };
  const changing = real.constants.O_WRONLY | real.constants.O_RDWR | real.constants.O_CREAT;
  const changes = (how: string | number) => (typeof how === 'string' ? how !== 'r' : (how & changing) !== 0);
  return {
    ...real,
    async rename(from: string, to: string) {
      if (disk.code === 'EROFS') refuse('rename');
      await real.rename(from, to);
    },
    async open(path: string, how: string | number = 'r', ...rest: []) {
      if (disk.code === 'EROFS' && changes(how)) refuse('open');
      const file = await real.open(path, how, ...rest);
      const half = (bytes: Uint8Array): Uint8Array => (disk.code ? bytes.subarray(0, bytes.length / 2) : bytes);
      for (const name of ['appendFile', 'writeFile'] as const) {
        const all = file[name].bind(file);
        const some = async (bytes: Uint8Array): Promise<void> => {
          await all(half(bytes));
          refuse('write');
        };
        Object.assign(file, { [name]: some });
      }
      return file;
    },
  };
});

afterEach(() => {
  delete disk.code;
});

const codes = ['ENOSPC', 'EROFS', 'EDQUOT'] as const;

describe.each(codes)('a disk that says %s', (code) => {
  const told = (path: string) => ({
    code: 'INPUT_INVALID',
    message: expect.stringMatching(
      new RegExp(`${path}.*: expected what can be written, got ${code}: ${refusals[code].message}`),
    ),
  });

  it('refuses a download with its path, and it goes on later', async () => {
    await withFolder(async (cacheFolder) =>
      withHub(async ({ endpoint }) => {
        const open = async () => hub('org/model', { endpoint, cacheFolder }).open('model.safetensors');
        disk.code = code;
        await expect(open()).rejects.toMatchObject(told(cacheFolder));
        delete disk.code;
        expect((await open())?.size).toBe(weights.length);
        const blob = join(cacheFolder, 'models--org--model/blobs', sha256(weights));
        expect(sha256(await readFile(blob))).toBe(sha256(weights));
        expect((await paths(cacheFolder)).filter((path) => path.endsWith('.incomplete'))).toEqual([]);
      }),
    );
  });

  it('keeps the file that was to be replaced, and no half of the new one', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'state');
      await replaceFile(path, Uint8Array.of(1, 2));
      disk.code = code;
      await expect(replaceFile(path, Uint8Array.of(3, 4))).rejects.toMatchObject(told(path));
      expect([...(await readFile(path))]).toEqual([1, 2]);
      expect(await paths(folder)).toEqual(['state']);
    });
  });
});

describe('a cache on a read-only disk', () => {
  it('opens what it holds', async () => {
    await withFolder(async (cacheFolder) =>
      withHub(async ({ endpoint }) => {
        await writeModel(cacheFolder, 'org/model');
        disk.code = 'EROFS';
        const files = hub('org/model', { endpoint, cacheFolder });
        expect((await files.open('model.safetensors'))?.size).toBe(weights.length);
        expect(await files.open('modules.json')).toBeUndefined();
      }),
    );
  });

  it('stays as it is where it is to be repaired, and says why', async () => {
    await withFolder(async (cacheFolder) => {
      const blob = join(await writeModel(cacheFolder, 'org/model'), 'blobs', sha256(weights));
      await writeFile(blob, 'damaged');
      disk.code = 'EROFS';
      const checked = [];
      for await (const file of verifyCache({ cacheFolder, repair: true })) checked.push(file);
      expect(checked.filter(({ problem }) => problem)).toEqual([
        expect.objectContaining({
          path: blob,
          problem: expect.stringMatching(/expected sha256 .*; not repaired: .*expected what can be written, got EROFS/),
        }),
      ]);
      expect(await readFile(blob, 'utf8')).toBe('damaged');
    });
  });
});
