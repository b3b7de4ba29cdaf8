import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directory } from '@diptych/files/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWeights } from '../weights.ts';

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

  /** Weights of three bytes in their own folder, and the path of its file. */
  async function model(name: string): Promise<string> {
    await mkdir(join(folder, name));
    const file = join(folder, name, 'model.safetensors');
    await writeFile(file, Uint8Array.of(1, 2, 3));
    return file;
  }

  it('reads weights, and leaves no file open after many reads', async () => {
    await model('whole');
    const before = await openFiles();
    const file = (await directory(join(folder, 'whole')).open('model.safetensors'))!;
    const reads = await Promise.all(Array.from({ length: 200 }, async () => file.read(0, 3)));
    expect(reads.every((bytes) => bytes.join() === '1,2,3')).toBe(true);
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

  it.runIf(process.platform === 'linux')('takes a pipe and a device for files that are not there', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    await symlink('/dev/zero', join(folder, 'zero.jpg'));
    const files = directory(folder);
    expect([await files.has?.('pipe.jpg'), await files.open('pipe.jpg'), await files.open('zero.jpg')]).toEqual([
      false,
      undefined,
      undefined,
    ]);
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
    const has = ['config.json', 'sub', 'whole/model.safetensors'].map(async (path) => directory(folder).has!(path));
    expect(await Promise.all(has)).toEqual([false, false, true]);
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
    expect(await readWeights(directory(join(folder, 'snapshot')))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('says that a file shrank under it', async () => {
    const file = await model('shrinking');
    const opened = await directory(join(folder, 'shrinking')).open('model.safetensors');
    await truncate(file, 2);
    await expect(opened?.read(0, 3)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(file),
    });
  });

  it('rejects with the reason of an aborted signal', async () => {
    await model('aborted');
    const reason = new Error('enough');
    const weights = readWeights(directory(join(folder, 'aborted')), AbortSignal.abort(reason));
    await expect(weights).rejects.toBe(reason);
  });
});
