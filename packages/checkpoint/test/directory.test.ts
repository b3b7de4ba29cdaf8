import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '@diptych/checkpoint';
import { directory } from '@diptych/checkpoint/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safetensorsBytes } from './bytes.ts';

/** How many files this process holds open; 0 where the system does not say. */
async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd').catch(() => [])).length;
}

describe('directory', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diptych-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A model of one tensor in its own folder, and the path of its file. */
  async function model(name: string): Promise<string> {
    await mkdir(join(folder, name));
    const file = join(folder, name, 'model.safetensors');
    await writeFile(file, safetensorsBytes({ a: { dtype: 'U8', shape: [3], data_offsets: [0, 3] } }, [1, 2, 3]));
    return file;
  }

  it('reads a checkpoint, and leaves no file open after many reads', async () => {
    await model('whole');
    const before = await openFiles();
    const checkpoint = await openCheckpoint(directory(join(folder, 'whole')));
    const reads = await Promise.all(Array.from({ length: 200 }, async () => checkpoint.read('a')));
    expect(reads.every(({ data }) => data.join() === '1,2,3')).toBe(true);
    expect(await openFiles()).toBe(before);
  });

  it.runIf(process.platform === 'linux')('does not wait at a pipe in the place of a file', async () => {
    const file = await model('pipe');
    const opened = await directory(join(folder, 'pipe')).open('model.safetensors');
    await rm(file);
    execFileSync('mkfifo', [file]);
    await expect(opened?.read(0, 8)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await directory(join(folder, 'pipe')).open('model.safetensors')).toBeUndefined();
  });

  it('has the same id however the folder is written', () => {
    expect(directory(`${folder}/x/..`).id).toBe(directory(folder).id);
  });

  it('names the folder that is missing', async () => {
    const missing = join(folder, 'missing');
    await expect(directory(missing).open('config.json')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(missing),
    });
  });

  it('gives undefined for a file that is missing, and for a folder', async () => {
    await mkdir(join(folder, 'sub'));
    expect(await directory(folder).open('config.json')).toBeUndefined();
    expect(await directory(folder).open('sub')).toBeUndefined();
    expect(await directory(folder).open('sub/x/config.json')).toBeUndefined();
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', '', '.', 'a//b', 'C:\\x', '..\\x', 'a\0'])(
    'refuses %j',
    async (path) => {
      await expect(directory(folder).open(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    },
  );

  it('follows links, as in the snapshots of a Hugging Face cache', async () => {
    const file = await model('blobs');
    await mkdir(join(folder, 'snapshot'));
    await symlink(file, join(folder, 'snapshot', 'model.safetensors'));
    const checkpoint = await openCheckpoint(directory(join(folder, 'snapshot')));
    expect((await checkpoint.read('a')).data).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('says that a file shrank under it', async () => {
    const file = await model('shrinking');
    const checkpoint = await openCheckpoint(directory(join(folder, 'shrinking')));
    await truncate(file, (await stat(file)).size - 1);
    await expect(checkpoint.read('a')).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringContaining(file),
    });
  });

  it('rejects with the reason of an aborted signal', async () => {
    await model('aborted');
    const reason = new Error('enough');
    const checkpoint = await openCheckpoint(directory(join(folder, 'aborted')));
    await expect(checkpoint.read('a', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
