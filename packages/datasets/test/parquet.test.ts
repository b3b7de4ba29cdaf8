import { parquet, type ParquetOptions } from '@diptych/datasets';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { all, filesOf, imageText } from './files.ts';

type Write = Parameters<typeof parquetWriteBuffer>[0];

const structSchema = [
  { name: 'root', num_children: 3 },
  { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'caption_1', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'caption_0', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
] as const;

/** As `jxie/flickr8k`: the image in a struct, a column for each caption. */
function hubTable(
  n: number,
  image: (i: number) => unknown = (i) => ({ bytes: Uint8Array.of(0xff, 0xd8, i), path: null }),
) {
  const column = (name: string, of: (i: number) => unknown) => ({
    name,
    data: Array.from({ length: n }, (_, i) => of(i)),
  });
  return bytesOf({
    schema: [...structSchema],
    columnData: [
      column('image', image),
      column('caption_1', (i) => `second ${i}`),
      column('caption_0', (i) => `first ${i}`),
    ],
    rowGroupSize: 4,
  });
}

const bytesOf = (options: Write) => new Uint8Array(parquetWriteBuffer(options));

function read(table: Uint8Array<ArrayBuffer>, options?: ParquetOptions) {
  return parquet(filesOf({ 'data/test-0.parquet': table, 'a.jpg': 'A' }), ['data/test-0.parquet'], options);
}

describe('parquet', () => {
  it('reads images out of the table, and numbered captions in their order', async () => {
    const found = await all(read(hubTable(10), { split: 'test' }));
    expect(found.length).toBe(10);
    expect(await found[9]?.image()).toEqual(Uint8Array.of(0xff, 0xd8, 9));
    expect(found[9]).toMatchObject({
      id: 'set/data/test-0.parquet, row 9',
      captions: ['first 9', 'second 9'],
      split: 'test',
    });
  });

  it('reads one row group at a time', async () => {
    const noise = (i: number) =>
      new Uint8Array(20_000).map((_, k) => {
        const mixed = Math.imul((k * 400 + i) ^ 0x5bd1e995, 0x9e3779b1);
        return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 24;
      });
    const bytes = hubTable(400, (i) => ({ bytes: noise(i), path: null }));
    let received = 0;
    const blob = new Blob([bytes]);
    const file = {
      name: 'big.parquet',
      size: blob.size,
      read: async (begin: number, end: number) => {
        received += end - begin;
        return new Uint8Array(await blob.slice(begin, end).arrayBuffer());
      },
    };
    for await (const sample of parquet({ id: 'set', open: async () => file }, ['big.parquet'])) {
      expect(sample.captions[0]).toBe('first 0');
      break;
    }
    expect(received).toBeLessThan(file.size / 4);
  });

  it('reads images by path, lists of captions and ids', async () => {
    const schema: Write['schema'] = [
      { name: 'root', num_children: 3 },
      { name: 'image', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'captions', num_children: 1, converted_type: 'LIST', repetition_type: 'OPTIONAL' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'key', type: 'INT64', repetition_type: 'OPTIONAL' },
    ];
    const table = bytesOf({
      schema,
      columnData: [
        { name: 'image', data: ['a.jpg'] },
        { name: 'captions', data: [['one', 'two']] },
        { name: 'key', data: [2n ** 60n] },
      ],
    });
    const [sample] = await all(read(table, { columns: { id: 'key' } }));
    expect(sample).toMatchObject({ id: String(2n ** 60n), captions: ['one', 'two'] });
    expect(await imageText(sample)).toBe('A');
  });

  it.each([
    ['a path that leaves', hubTable(1, () => ({ bytes: null, path: '../a.jpg' })), 'INPUT_INVALID'],
    ['an image that is missing', hubTable(1, () => ({ bytes: null, path: 'b.jpg' })), 'NOT_FOUND'],
    ['no image at all', hubTable(1, () => null), 'INPUT_INVALID'],
  ])('refuses %s', async (_, table, code) => {
    const message = expect.stringContaining('set/data/test-0.parquet, row 0: expected');
    await expect(all(read(table))).rejects.toMatchObject({ code, message });
  });

  it.each([
    ['a cut at the end', hubTable(9).slice(0, -1)],
    ['a cut at the beginning', hubTable(9).slice(300)],
    ['an empty file', new Uint8Array(0)],
    ['pages that are no pages', hubTable(9).map((byte, i) => (i < 200 ? 0xff : byte))],
  ])('refuses %s', async (_, table) => {
    await expect(all(read(table, { onSkip: () => {} }))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('says which compressor it lacks', async () => {
    const table = bytesOf({
      columnData: [{ name: 'caption', data: ['x'.repeat(900)], type: 'STRING' }],
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes: Uint8Array) => bytes },
    });
    await expect(all(read(table))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('ZSTD'),
    });
  });
});
