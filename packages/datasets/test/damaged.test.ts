import { EmbeddingError } from '@diptych/core';
import { csv, karpathy, parquet, type Sample, webdataset } from '@diptych/datasets';
import type { Files } from '@diptych/files';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { randomIntegers } from '../src/order/random.ts';
import { all, filesOf } from './files.ts';
import { tarBytes } from './tar-bytes.ts';

const table = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'image', data: ['a.jpg', 'b.jpg'], type: 'STRING' },
      { name: 'caption', data: ['one', 'two'], type: 'STRING' },
    ],
  }),
);
const archive = tarBytes([
  { path: 'pax', type: 'x', data: '14 path=a.jpg\n' },
  { path: 'cut', data: 'a picture' },
  { path: 'a.txt', data: 'a caption' },
]);
const json = { images: [{ filename: 'a.jpg', split: 'test', sentences: [{ raw: 'a' }, { raw: 'b' }] }], dataset: 'x' };
const text = (value: string) => new TextEncoder().encode(value);

const formats: readonly [string, Uint8Array<ArrayBuffer>, number, (files: Files) => AsyncIterable<Sample>][] = [
  ['parquet', table, 0, (files) => parquet(files, ['file'])],
  ['tar', archive, 0, (files) => webdataset(files, ['file'])],
  ['JSON', text(JSON.stringify(json)), 0, (files) => karpathy(files, 'file', { captionsPerImage: 2 })],
  ['CSV', text('image,caption\n"a.jpg","a ""b"" c"\r\nb.jpg,d\n'), 0, (files) => csv(files, 'file')],
];

describe('a damaged file', () => {
  it.each(formats)('of %s is read or refused, and never ends the process', async (_, good, from, read) => {
    const below = randomIntegers([7]);
    const outcomes: unknown[] = [];
    for (let round = 0; round < 500; round++) {
      const bytes = good.slice(0, below(5) ? good.length : good.length - below(50));
      for (let change = below(4); change >= 0; change--) bytes[from + below(bytes.length - from)] = below(256);
      const { id, open } = filesOf({ file: bytes });
      outcomes.push(await all(read({ id, open })).then(() => 'read', outcomeOf));
    }
    expect(outcomes.filter((outcome) => outcome !== 'read' && outcome !== 'refused')).toEqual([]);
    expect(outcomes).toContain('refused');
  });
});

function outcomeOf(error: unknown): unknown {
  return error instanceof EmbeddingError ? 'refused' : error;
}
