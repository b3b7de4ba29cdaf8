import { webdataset, type WebdatasetOptions } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';
import { all, filesOf, imageText } from './files.ts';
import { tarBytes, type TarFile } from './tar-bytes.ts';

const sample = (key: string): TarFile[] => [
  { path: `${key}.jpg`, data: `image ${key}` },
  { path: `${key}.txt`, data: `first of ${key}\n\n second\r\n` },
];

function read(shards: readonly Uint8Array<ArrayBuffer>[], options?: WebdatasetOptions) {
  const files = filesOf(Object.fromEntries(shards.map((shard, i) => [`test/${i}.tar`, shard])));
  return webdataset(
    files,
    Object.keys(shards).map((i) => `test/${i}.tar`),
    options,
  );
}

describe('webdataset', () => {
  it('reads shards in turn, one caption per line', async () => {
    const found = await all(
      read([tarBytes([...sample('s0'), ...sample('s1')]), tarBytes(sample('s0'))], { split: 'test' }),
    );
    expect(found.map(({ id }) => id)).toEqual(['test/0.tar/s0', 'test/0.tar/s1', 'test/1.tar/s0']);
    expect(found[1]).toMatchObject({ captions: ['first of s1', 'second'], split: 'test' });
    expect(await imageText(found[2])).toBe('image s0');
    expect(await imageText(found[1])).toBe('image s1');
  });

  it('groups by what stands before the first dot, whatever the ending', async () => {
    const shard = tarBytes([
      { path: './part/', type: '5' },
      { path: './part/a.seg.png', data: 'a mask' },
      { path: './part/a.json', data: '{"caption": "a dog", "width": 4, "split": "val"}' },
      { path: './part/a.PNG', data: 'picture' },
      { path: 'part/.hidden.jpg', data: 'nothing' },
      { path: 'part/README', data: 'nothing' },
    ]);
    const [found, ...others] = await all(read([shard], { split: 'train' }));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ captions: ['a dog'], split: 'val', attributes: { width: 4 } });
    expect(await imageText(found)).toBe('picture');
  });

  it('names the sample that has no image or no caption', async () => {
    const problems: string[] = [];
    const shard = tarBytes([
      { path: 'a.txt', data: 'x' },
      { path: 'b.jpg' },
      { path: 'c.jpg' },
      { path: 'c.txt' },
      ...sample('d'),
    ]);
    const found = await all(read([shard], { onSkip: ({ message }) => problems.push(message) }));
    expect(found.length).toBe(1);
    expect(problems).toEqual([
      "set/test/0.tar, sample 'a': expected an image, got .txt",
      "set/test/0.tar, sample 'b': expected 'captions', 'caption' or 'caption_0', got ",
      "set/test/0.tar, sample 'c': expected a caption, got none",
    ]);
  });

  it.each([
    ['a file twice', tarBytes([...sample('a'), { path: 'a.JPG' }])],
    ['a path that leaves', tarBytes([{ path: '../a.jpg' }])],
    ['an absolute path', tarBytes([{ path: '/a.jpg' }])],
    ['a cut between files', tarBytes(sample('a')).slice(0, 2048)],
    ['a cut in a file', tarBytes([{ path: 'a.jpg', data: 'x'.repeat(4000) }]).slice(0, 2048)],
    ['a cut in a header', tarBytes(sample('a')).slice(0, 1200)],
    ['what is no archive', new Uint8Array(2048).fill(7)],
  ])('refuses %s', async (_, shard) => {
    await expect(all(read([shard], { onSkip: () => {} }))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('says that it does not unpack gzip', async () => {
    const shard = new Uint8Array(1024);
    shard.set([0x1f, 0x8b, 8]);
    await expect(all(read([shard]))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
