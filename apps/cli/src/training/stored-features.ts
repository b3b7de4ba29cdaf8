import { basename, dirname } from 'node:path';
import { EmbeddingError, type FeatureBatch, type JsonKind, parseJson, quote } from '@diptych/core';
import { openNpy } from '@diptych/datasets';
import { directory } from '@diptych/datasets/node';
import { readBounded } from '../read-bounded.ts';

/** Features of images by their names, all in memory. */
export interface StoredFeatures {
  readonly width: number;
  /** Rows of images, in this order. */
  readonly of: (names: readonly string[]) => FeatureBatch;
}

/**
 * @param rows A `.npy` file.
 * @param order A JSON list of names, one for each row.
 * @throws {EmbeddingError} `INPUT_INVALID` or `SHAPE_MISMATCH` when they do not fit together. `of` throws `NOT_FOUND`.
 */
export async function storedFeatures(rows: string, order: string, signal: AbortSignal): Promise<StoredFeatures> {
  const file = await openNpy(directory(dirname(rows)), basename(rows), signal);
  const names = await namesIn(order);
  const [n, width] = file.shape;
  if (names.length !== n) {
    throw new EmbeddingError(
      'SHAPE_MISMATCH',
      `${order}: expected ${n} names for the rows of ${rows}, got ${names.length}`,
    );
  }
  const all = await file.read(0, n, signal);
  return featuresOf(all, width, names, order);
}

export function featuresOf(all: Float32Array, width: number, names: readonly string[], where: string): StoredFeatures {
  const places = new Map(names.map((name, row) => [name, row]));
  return {
    width,
    of(wanted) {
      const values = new Float32Array(wanted.length * width);
      for (const [i, name] of wanted.entries()) {
        const row = places.get(name);
        if (row === undefined)
          throw new EmbeddingError('NOT_FOUND', `${where}: expected the image '${name}', found none`);
        values.set(all.subarray(row * width, (row + 1) * width), i * width);
      }
      return { values, shape: [wanted.length, width] };
    },
  };
}

async function namesIn(path: string): Promise<readonly string[]> {
  const found = parseJson(await readBounded(path, namesJson), path, namesJson);
  if (Array.isArray(found) && found.every((name) => typeof name === 'string')) return found;
  throw new EmbeddingError('INPUT_INVALID', `${path}: expected a JSON list of names, got ${quote(found)}`);
}

/** A million paths. */
const namesJson: JsonKind = { code: 'INPUT_INVALID', maxBytes: 2 ** 28, maxValues: 2 ** 22 };
