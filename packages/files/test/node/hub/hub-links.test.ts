import type * as FileSystem from 'node:fs/promises';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hub } from '@diptych/files/node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { paths, withFolder } from './hub-folder.ts';
import { commit, sha256, weights, withHub } from './hub-server.ts';

/** Links that this disk does not have. */
const refused = vi.hoisted(() => new Set<string>());

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof FileSystem>();
  const unless =
    (name: 'symlink' | 'link') =>
    async (target: string, path: string): Promise<void> => {
      if (refused.has(name)) throw Object.assign(new Error(`${name} is not supported`), { code: 'ENOTSUP' });
      await real[name](target, path);
    };
  return { ...real, symlink: unless('symlink'), link: unless('link') };
});

afterEach(() => {
  refused.clear();
  vi.unstubAllEnvs();
});

/** What a download leaves where the disk refuses links: the file of the revision, and the whole cache. */
async function downloaded(...links: readonly ('symlink' | 'link')[]) {
  let left: { readonly links: number; readonly symbolic: boolean } | undefined;
  await withFolder(async (cacheFolder) =>
    withHub(async ({ endpoint, requests }) => {
      for (const name of links) refused.add(name);
      const files = () => hub('org/model', { endpoint, cacheFolder });
      expect((await files().open('model.safetensors'))?.size).toBe(weights.length);
      const path = join(cacheFolder, 'models--org--model/snapshots', commit, 'model.safetensors');
      const found = await lstat(path);
      left = { links: found.nlink, symbolic: found.isSymbolicLink() };
      expect(sha256(await readFile(path))).toBe(sha256(weights));
      expect((await paths(cacheFolder)).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
      requests.length = 0;
      expect((await hub('org/model', { cacheFolder, offline: true }).open('model.safetensors'))?.size).toBe(
        weights.length,
      );
      expect((await files().open('model.safetensors'))?.size).toBe(weights.length);
      expect(requests).toHaveLength(1);
    }),
  );
  return left;
}

describe('a file of a revision', () => {
  it('is a symbolic link to its content', async () => {
    expect(await downloaded()).toEqual({ links: 1, symbolic: true });
  });

  it('is a hard link where there are no symbolic ones', async () => {
    expect(await downloaded('symlink')).toEqual({ links: 2, symbolic: false });
  });

  it('is a copy where there are no links at all', async () => {
    expect(await downloaded('symlink', 'link')).toEqual({ links: 1, symbolic: false });
  });

  it('is a copy where HF_HUB_DISABLE_SYMLINKS says so', async () => {
    vi.stubEnv('HF_HUB_DISABLE_SYMLINKS', '1');
    expect(await downloaded()).toEqual({ links: 1, symbolic: false });
  });
});
