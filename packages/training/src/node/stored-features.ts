import { basename, dirname } from 'node:path';
import { EmbeddingError, type JsonKind, parseJson, quote } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';
import { openNpy, parquet } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import { namedRows, type NamedRows } from '../named-rows.ts';

/**
 * @param rows A `.npy` file.
 * @param order A JSON list of names, one for each row, or the parquet with `image_path` that `diptych embed` writes.
 * @throws {EmbeddingError} `INPUT_INVALID` or `SHAPE_MISMATCH` when they do not fit together. `of` throws `NOT_FOUND`.
 */
export async function storedFeatures(rows: string, order: string, signal?: AbortSignal): Promise<NamedRows> {
  const file = await openNpy(directory(dirname(rows)), basename(rows), signal);
  const names = await (order.endsWith('.parquet') ? pathsIn(order, signal) : namesIn(order));
  const [n, width] = file.shape;
  if (names.length !== n) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: order,
      expected: `${n} names for the rows of ${rows}`,
      got: names.length,
    });
  }
  return namedRows({ data: await file.read(0, n, signal), shape: [n, width] }, names, order);
}

/** The metadata of `diptych embed --format npy`, as clip-retrieval has them. */
async function pathsIn(path: string, signal?: AbortSignal): Promise<readonly string[]> {
  const columns = { id: 'image_path', image: () => new Uint8Array(), captions: () => [''] };
  const names: string[] = [];
  const rows = parquet(directory(dirname(path)), [basename(path)], { columns, signal });
  for await (const { id, attributes } of rows) {
    if (attributes && 'caption' in attributes) {
      throw new EmbeddingError('INPUT_INVALID', { where: path, expected: 'paths of images', got: 'captions' });
    }
    names.push(id);
  }
  return names;
}

async function namesIn(path: string): Promise<readonly string[]> {
  const bytes = await readFileBytes(path, namesJson);
  const found = parseJson(bytes, path, namesJson);
  if (Array.isArray(found) && found.every((name) => typeof name === 'string')) return found;
  throw new EmbeddingError('INPUT_INVALID', { where: path, expected: 'a JSON list of names', got: quote(found) });
}

/** A million paths. */
const namesJson: JsonKind = { code: 'INPUT_INVALID', maxBytes: 2 ** 28, maxValues: 2 ** 22 };
