import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { open } from '../src/index.ts';
import { smallClipFiles } from './small-clip.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

describeGolden('a model of the hub', () => {
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'diptych-hub-'));
    const model = join(cache, 'models--some-org--small-clip');
    const snapshot = join(model, 'snapshots', commit);
    await mkdir(snapshot, { recursive: true });
    await mkdir(join(model, 'refs'));
    await writeFile(join(model, 'refs', 'main'), commit);
    for (const [name, blob] of Object.entries(await smallClipFiles())) {
      await writeFile(join(snapshot, name), blob.stream());
    }
    vi.stubEnv('HF_HUB_CACHE', cache);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(cache, { recursive: true });
  });

  it('opens by its name, from the cache when offline', async () => {
    using space = await open('some-org/small-clip');
    expect(space.id).toBe('some-org/small-clip');
    expect(space.dim).toBe(512);
    using pinned = await open('some-org/small-clip', { revision: commit });
    expect((await pinned.embed('text', ['a cat'])).data).toEqual((await space.embed('text', ['a cat'])).data);
  });

  it('says that it is offline when the cache lacks the model', async () => {
    await expect(open('some-org/other')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of a folder has its name, wherever it is opened from', async () => {
    const folder = join(cache, 'models--some-org--small-clip', 'snapshots', commit);
    using space = await open(`${relative('.', folder)}/.`);
    expect(space.id).toBe(commit);
  });

  it('is not looked for where a path is given', async () => {
    await expect(open('./test')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('config'),
    });
    await expect(open('./test', { revision: commit })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
