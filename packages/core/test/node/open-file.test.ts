import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile, readFileBytes } from '../../src/node.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'diptych-open-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('a file', () => {
  it('is read whole, through links too', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'abc');
    await symlink(path, join(folder, 'link'));
    expect(await readFileBytes(join(folder, 'link'))).toEqual(Uint8Array.of(97, 98, 99));
    const { file, size } = await openFile(path);
    expect(size).toBe(3);
    await file.close();
  });

  it('is not read where its size is refused, or a signal says so', async () => {
    const path = join(folder, 'b.txt');
    await writeFile(path, 'abc');
    await expect(readFileBytes(path, { code: 'IMAGE_TOO_LARGE', maxBytes: 2 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      where: path,
      got: '3',
    });
    expect(await readFileBytes(path, { code: 'IMAGE_TOO_LARGE', maxBytes: 3 })).toHaveLength(3);
    const reason = new Error('enough');
    await expect(readFileBytes(path, undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('that is not there is an error of the system', async () => {
    await expect(openFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe.runIf(process.platform === 'linux')('what is no file is not opened:', () => {
  it('a folder, a device and a pipe', async () => {
    const pipe = join(folder, 'pipe.jpg');
    execFileSync('mkfifo', [pipe]);
    await symlink('/dev/zero', join(folder, 'zero.jpg'));
    await expect(openFile(folder)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/got a folder$/) as string,
    });
    for (const path of ['/dev/zero', join(folder, 'zero.jpg')]) {
      await expect(readFileBytes(path)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringMatching(/got a device$/) as string,
      });
    }
    await expect(readFileBytes(pipe)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/got a pipe$/) as string,
    });
  });

  it('a socket', async () => {
    const path = join(folder, 'socket.jpg');
    const server = createServer();
    await new Promise<void>((listening) => server.listen(path, listening));
    await expect(openFile(path)).rejects.toMatchObject({ code: 'ENXIO' });
    await new Promise((closed) => server.close(closed));
  });
});
