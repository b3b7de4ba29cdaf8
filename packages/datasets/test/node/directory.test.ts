import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inSplit, jsonLines, prefetch } from '@diptych/datasets';
import { directory } from '@diptych/datasets/node';
import { describeGolden, goldenPath } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { all } from '../files.ts';

describe('directory', () => {
  it('reads ranges of files, and knows which are there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'diptych-'));
    try {
      await writeFile(join(folder, 'a.bin'), 'abcdef');
      const files = directory(folder);
      const file = await files.open('a.bin');
      expect(file?.size).toBe(6);
      expect(new TextDecoder().decode(await file?.read(2, 4))).toBe('cd');
      await expect(file?.read(4, 8)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      expect([await files.has?.('a.bin'), await files.has?.('b.bin'), await files.has?.('a.bin/c')]).toEqual([
        true,
        false,
        false,
      ]);
      expect(await files.open('b.bin')).toBeUndefined();
      await expect(files.open('../a.bin')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

it.runIf(process.platform === 'linux')('a pipe and a device are not there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-'));
  try {
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    await symlink('/dev/zero', join(folder, 'zero.jpg'));
    const files = directory(folder);
    expect([await files.has?.('pipe.jpg'), await files.open('pipe.jpg'), await files.open('zero.jpg')]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    await writeFile(join(folder, 'a.jpg'), 'abc');
    const replaced = await files.open('a.jpg');
    await rm(join(folder, 'a.jpg'));
    execFileSync('mkfifo', [join(folder, 'a.jpg')]);
    await expect(replaced?.read(0, 3)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

describeGolden('a folder of photos', () => {
  const images = directory(goldenPath('data/flickr8k/images'));
  const flickr = () => jsonLines(directory(goldenPath('data/flickr8k')), 'captions.jsonl', { images });

  it('has every photo of Flickr8k', async () => {
    expect((await all(flickr())).length).toBe(8091);
  });

  it('reads photos ahead', async () => {
    const photos = prefetch(inSplit(flickr(), 'test'), async ({ image }, signal) => image(signal), { ahead: 16 });
    const found = await all(photos);
    expect(found.length).toBe(1000);
    // Each begins as a JPEG does.
    expect(found.every((bytes) => bytes[0] === 0xff && bytes[1] === 0xd8)).toBe(true);
  });
});
