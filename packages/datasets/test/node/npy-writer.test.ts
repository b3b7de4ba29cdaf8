import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directory } from '@diptych/files/node';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { expect, it, onTestFinished } from 'vitest';
import { openNpy, parquet } from '../../src/index.ts';
import { npyWriter, writeNames } from '../../src/node.ts';
import { npyHeader } from '../../src/node/npy-writer.ts';

describeGolden('the header', () => {
  it.each(['lvis_v1_clip_a+cname.npy', 'o365_clip_a+cnamefix.npy'])(
    "is NumPy's own, byte for byte: %s",
    async (name) => {
      const bytes = await goldenBytes(`data/clip_vit_b32_text_embeddings/${name}`);
      const header = Buffer.from(bytes.subarray(0, 128)).toString('latin1');
      const [descriptor, rows, columns] = /'descr': '(.+?)'.*\((\d+), (\d+)\)/.exec(header)!.slice(1);
      const made = npyHeader(descriptor!, [Number(rows), Number(columns)]);
      expect(Buffer.from(made).toString('latin1')).toBe(header);
    },
  );
});

/** Images that nobody asks for. */
const unread = { id: 'images', open: async () => undefined };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'diptych-rows-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it('what is written in blocks is read again', async () => {
  const path = await folder();
  const writer = await npyWriter(join(path, 'rows.npy'));
  const block = (...data: readonly number[]) =>
    ({ precision: 'float32', data: Float32Array.from(data), shape: [data.length / 2, 2], model: 'm' }) as const;
  await writer.add(block(1, 2, 3, 4));
  await writer.add(block(5, 6));
  await writer.close();
  const rows = await openNpy(directory(path), 'rows.npy');
  expect(rows.shape).toEqual([3, 2]);
  expect([...(await rows.read(0, 3))]).toEqual([1, 2, 3, 4, 5, 6]);
});

it('names of rows and their steps are a table', async () => {
  const path = await folder();
  await writeNames(join(path, 'names.parquet'), { column: 'image', names: ['a.jpg', 'b.jpg'], scales: [0.5, 0.25] });
  const found = [];
  const columns = { captions: () => ['none'] };
  for await (const { id, attributes } of parquet(directory(path), ['names.parquet'], { columns, images: unread }))
    found.push([id, attributes]);
  expect(found).toEqual([
    ['a.jpg', { scale: 0.5 }],
    ['b.jpg', { scale: 0.25 }],
  ]);
});
