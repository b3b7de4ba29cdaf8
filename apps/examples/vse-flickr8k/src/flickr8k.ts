import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@diptych/core';
import { inSplit, jsonLines, openNpy } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import type { Part, Parts } from './part.ts';

/**
 * The official split, 6000 photos to train on and 1000 each to choose and to test with, and what a frozen MobileNet
 * gave for each photo.
 *
 * @param folder `captions.jsonl`, `images/`, and the features with the file names in their order.
 * @param limit Photos of each part at most, the first ones; for a quick look.
 */
export async function readFlickr8k(folder: string, limit = Infinity): Promise<Parts> {
  const files = directory(folder);
  const path = join(folder, `${features}_order.json`);
  const order = parseJson(await readFile(path), path) as readonly string[];
  const stored = await openNpy(files, `${features}_f16.npy`);
  const table = { rows: await stored.read(0, stored.shape[0]), rowOf: new Map(order.map((name, row) => [name, row])) };
  const samples = jsonLines(files, 'captions.jsonl', { images: directory(join(folder, 'images')) });
  const part = async (split: string): Promise<Part> => {
    const captions: string[][] = [];
    const rows: Float32Array[] = [];
    for await (const { id, captions: said } of inSplit(samples, split)) {
      if (captions.length >= limit) break;
      const row = table.rowOf.get(id)!;
      captions.push([...said]);
      rows.push(table.rows.subarray(row * stored.shape[1], (row + 1) * stored.shape[1]));
    }
    return { images: joined(rows, stored.shape[1]), captions };
  };
  return { train: await part('train'), val: await part('val'), test: await part('test') };
}

const features = 'mobilenet_v1_075_gap';

function joined(rows: readonly Float32Array[], width: number): Part['images'] {
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(row, i * width));
  return { data, shape: [rows.length, width] };
}
