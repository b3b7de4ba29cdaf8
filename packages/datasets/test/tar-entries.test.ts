import { describe, expect, it } from 'vitest';
import { tarEntries } from '../src/files/tar-entries.ts';
import { all, filesOf } from './files.ts';
import { tarBytes, type TarFile } from './tar-bytes.ts';

const entries = async (files: readonly TarFile[]) =>
  all(tarEntries((await filesOf({ 'a.tar': tarBytes(files) }).open('a.tar'))!));
const long = `${'folder/'.repeat(30)}ä.jpg`;

describe('tarEntries', () => {
  it('gives the bytes of each file', async () => {
    const found = await entries([
      { path: 'a.jpg', data: 'x'.repeat(513) },
      { path: 'empty.jpg' },
      { path: 'b.jpg', data: 'y' },
    ]);
    expect(found).toEqual([
      { path: 'a.jpg', range: [512, 1025] },
      { path: 'empty.jpg', range: [2048, 2048] },
      { path: 'b.jpg', range: [2560, 2561] },
    ]);
  });

  it('joins the prefix of a ustar name', async () => {
    expect((await entries([{ path: 'a.jpg', prefix: 'some/folder' }]))[0]?.path).toBe('some/folder/a.jpg');
  });

  it('reads the long names of GNU tar, once', async () => {
    const found = await entries([
      { path: '././@LongLink', type: 'L', data: `${long}\0` },
      { path: 'cut short' },
      { path: 'b.jpg' },
    ]);
    expect(found.map(({ path }) => path)).toEqual([long, 'b.jpg']);
  });

  it('reads pax records, whose lengths are in bytes', async () => {
    const record = ` path=${long}\n`;
    const length = new TextEncoder().encode(record).length + 3;
    const data = `20 comment=something\n${length}${record}`;
    const found = await entries([
      { path: 'pax', type: 'x', data: data.slice(21 - 21) },
      { path: 'cut short' },
      { path: 'global', type: 'g', data: 'ignored' },
      { path: 'b.jpg' },
    ]).catch((error: Error) => error.message);
    expect(found).toMatch(/pax records/);
    const good = await entries([
      { path: 'pax', type: 'x', data: `21 comment=something\n${length}${record}` },
      { path: 'cut' },
    ]);
    expect(good.map(({ path }) => path)).toEqual([long]);
  });

  it('passes over folders and links', async () => {
    const found = await entries([{ path: 'd/', type: '5' }, { path: 'l.jpg', type: '2' }, { path: 'a.jpg' }]);
    expect(found.map(({ path }) => path)).toEqual(['a.jpg']);
  });

  it.each(['nothing', '0 path=x\n', '99 path=x\n', '9 size=-4\n', 'x'.repeat(600)])(
    'refuses the pax records %j',
    async (data) => {
      const message = /expected (pax records|a size)/;
      await expect(entries([{ path: 'pax', type: 'x', data }, { path: 'a.jpg' }])).rejects.toThrow(message);
    },
  );

  it('refuses a name that is longer than any', async () => {
    const data = new Uint8Array((1 << 20) + 1);
    await expect(entries([{ path: 'pax', type: 'x', data }])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
