import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourWorkspace } from './workspace.ts';

interface Row {
  readonly path: string;
  readonly embedding: readonly number[];
}

const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + body.length);
  return Buffer.concat([length, body]);
};

/** As telephones begin their photos: brands, then the size of the picture. */
function heic(width: number, height: number): Buffer {
  const size = Buffer.alloc(12);
  size.writeUInt32BE(width, 4);
  size.writeUInt32BE(height, 8);
  const brands = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1'));
  return Buffer.concat([brands, box('meta', Buffer.alloc(4), box('iprp', box('ipco', box('ispe', size))))]);
}

it('TIFF is embedded, however it is compressed', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  const png = sharp(join(folder, 'red.png'));
  for (const compression of ['none', 'lzw', 'deflate', 'jpeg'] as const) {
    await png
      .clone()
      .tiff({ compression, quality: 100 })
      .toFile(join(folder, `red-${compression}.tiff`));
  }
  const { code, stderr, ...run } = await runCli(['embed', ...modelArgs, folder]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [first, ...others] = jsonLines<Row>(run).map(({ embedding }) => embedding);
  expect(others).toHaveLength(4);
  for (const embedding of others)
    for (const [i, value] of embedding.entries()) expect(value).toBeCloseTo(first![i]!, 2);
});

it('HEIC is named with what to do, and the others are embedded', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  await writeFile(join(folder, 'IMG_1.HEIC'), heic(4032, 3024));
  const { code, stderr, ...run } = await runCli(['embed', ...modelArgs, folder]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^diptych: \S*IMG_1\.HEIC: UNSUPPORTED: .*HEIC.*convert it to JPEG.*\n$/);
  expect(jsonLines<Row>(run)).toHaveLength(1);
});
