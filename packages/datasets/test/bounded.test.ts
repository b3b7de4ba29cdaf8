import { csv, jsonLines, karpathy, openNpy, webdataset } from '@diptych/datasets';
import type { ByteSource, Files } from '@diptych/files';
import { expect, it } from 'vitest';
import { all } from './files.ts';
import { tarBytes } from './tar-bytes.ts';

/** Files of one name that begin with some bytes and go on with `filler`; says how much was read, and at once. */
function endless(head: Uint8Array, size: number, filler = 'a') {
  const reads: number[] = [];
  const file: ByteSource = {
    name: 'file',
    size,
    async read(begin, end) {
      reads.push(end - begin);
      const bytes = new Uint8Array(end - begin).fill(filler.charCodeAt(0));
      if (begin < head.length) bytes.set(head.subarray(begin, end));
      return bytes;
    },
  };
  const files: Files = { id: 'folder', open: async () => file };
  return { files, read: () => reads.reduce((sum, length) => sum + length, 0), atOnce: () => Math.max(...reads) };
}

const text = (value: string) => new TextEncoder().encode(value);
const gibibyte = 2 ** 30;

it.each([
  ['a CSV with a quote that is never closed', 'image,caption\na.jpg,"one\n', 'a', csv],
  ['a CSV of one row', 'image,caption\n', 'a', csv],
  ['a CSV of cells alone', 'image,caption\n', ',', csv],
  ['JSON Lines of one line', '{"image":"', 'a', jsonLines],
  ['JSON with one object', '{"images":[{"filename":"', 'a', karpathy],
  ['JSON with an object of lists', '{"images":[{"filename":', '[', karpathy],
])('%s ends where no row is longer', async (_, head, filler, format) => {
  const { files, read } = endless(text(head), gibibyte, filler);
  await expect(all(format(files, 'file'))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringMatching(/^file.*expected .* of at most|^file.*at most \d+ cells/),
  });
  expect(read()).toBeLessThan(70 << 20);
});

it('JSON whose first key never ends has no list of images', async () => {
  const { files } = endless(text('{"'), 16 << 20);
  await expect(all(karpathy(files, 'file'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

it('a text and an image of gibibytes in an archive are refused before they are read', async () => {
  const archive = tarBytes([
    { path: 'a.jpg', data: 'x' },
    { path: 'a.txt', data: '' },
  ]);
  const size = (at: number, value: number) => {
    const header = archive.subarray(at, at + 512);
    header.set(text(`${value.toString(8).padStart(11, '0')}\0`), 124);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(text(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  };
  size(1024, 3 * gibibyte);
  const long = endless(archive.subarray(0, 1536), 3072 + 3 * gibibyte, '\0');
  await expect(all(webdataset(long.files, ['file']))).rejects.toThrow('expected a text of at most');
  size(0, 3 * gibibyte);
  const large = endless(archive.subarray(0, 512), 3072 + 3 * gibibyte, '\0');
  const [sample] = await all(
    webdataset(large.files, ['file'], { columns: { captions: () => ['one'] }, onSkip: () => {} }),
  );
  await expect(sample!.image()).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  expect(Math.max(long.atOnce(), large.atOnce())).toBeLessThan(1 << 20);
});

it('a matrix is read in pieces', async () => {
  const [n, dim] = [9000, 512];
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${n}, ${dim}), }`.padEnd(117, ' ') + '\n';
  const head = Uint8Array.of(0x93, ...text('NUMPY'), 1, 0, header.length, 0, ...text(header));
  const { files, atOnce } = endless(head, head.length + n * dim * 4, '\0');
  const rows = await (await openNpy(files, 'file')).read(0, n);
  expect(rows.length).toBe(n * dim);
  expect(rows.every((value) => value === 0)).toBe(true);
  expect(atOnce()).toBeLessThanOrEqual(4 << 20);
});
