import { parquet } from '@diptych/datasets';
import { describeGolden, everyEncoding, goldenBytes, goldenJson } from '@diptych/golden';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { all, filesOf } from './files.ts';

type Write = Parameters<typeof parquetWriteBuffer>[0];

const n = 300;
const each = <T>(of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));

const flat: Write['columnData'] = [...everyEncoding(n), { name: 'nothing', data: each(() => null), type: 'STRING' }];

const lists: Pick<Write, 'schema' | 'columnData'> = {
  schema: [
    { name: 'root', num_children: 1 },
    { name: 'pages', num_children: 1, converted_type: 'LIST', repetition_type: 'OPTIONAL' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', num_children: 1, converted_type: 'LIST', repetition_type: 'OPTIONAL' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ],
  columnData: [
    {
      name: 'pages',
      data: each((i) =>
        i % 7 ? Array.from({ length: i % 4 }, (_, k) => (k === 2 ? null : [`${i}`, null, `${k}`])) : null,
      ),
    },
  ],
};

const bytesOf = (options: Write) => new Uint8Array(parquetWriteBuffer(options));

/** Rows as the reader hands them to the caller's columns. */
async function rowsOf(bytes: Uint8Array<ArrayBuffer>): Promise<unknown[]> {
  const rows: unknown[] = [];
  const image = (row: unknown): string => {
    rows.push(row);
    return 'a.jpg';
  };
  const columns = { image, id: () => rows.length, captions: () => 'a', split: () => 'all' };
  await all(parquet(filesOf({ x: bytes, 'a.jpg': 'A' }), ['x'], { columns }));
  return rows;
}

describe('parquet, checked, is read as by hyparquet alone', () => {
  it.each([
    ['plain', { columnData: flat, codec: 'UNCOMPRESSED' }],
    ['with Snappy', { columnData: flat }],
    ['in pages and row groups', { columnData: flat, pageSize: 100, rowGroupSize: 120 }],
    ['in lists of lists', lists],
    ['in lists of lists over pages', { ...lists, pageSize: 100, rowGroupSize: 120, codec: 'UNCOMPRESSED' }],
  ] satisfies [string, Write][])('%s', async (_, options) => {
    const bytes = bytesOf(options);
    const expected = await parquetReadObjects({ file: bytes.buffer, utf8: false });
    expect(expected.length).toBe(n);
    expect(await rowsOf(bytes)).toEqual(expected);
  });
});

describeGolden('parquet of pyarrow, with pages of version 1,', () => {
  it.each(['qrels', 'run'])('has the rows of the same table in JSON: %s', async (name) => {
    const folder = 'golden/ranx/test_data';
    const json = await goldenJson<Readonly<Record<string, Readonly<Record<string, number>>>>>(`${folder}/${name}.json`);
    const expected = Object.entries(json).flatMap(([q_id, scores]) =>
      Object.entries(scores).map(([doc_id, score]) => ({
        q_id,
        doc_id,
        score: name === 'run' ? score : BigInt(score),
      })),
    );
    expect(expected.length).toBeGreaterThan(3);
    expect(await rowsOf(await goldenBytes(`${folder}/${name}.parquet`))).toEqual(expected);
  });
});
