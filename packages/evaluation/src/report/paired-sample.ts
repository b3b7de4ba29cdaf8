import { EmbeddingError } from '@diptych/core';
import { expectOneSpace, finiteRows, type FiniteRows, type Rows } from '../rows.ts';
import { unitRows } from '../unit-rows.ts';

/** Unit rows of images and of one caption each; row `i` of both belongs together. */
export interface PairedSample {
  readonly images: FiniteRows;
  readonly captions: FiniteRows;
}

/** The first caption of each of at most `limit` images, evenly over all. */
export function pairedSample(images: Rows, captions: Rows, imageOf: ArrayLike<number>, limit: number): PairedSample {
  expectOneSpace(images, captions, 'report');
  const count = Math.min(limit, images.shape[0]);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * images.shape[0]) / count));
  const first = new Map<number, number>();
  for (let j = imageOf.length - 1; j >= 0; j--) first.set(imageOf[j]!, j);
  const own = chosen.map((image) => {
    const caption = first.get(image);
    if (caption !== undefined) return caption;
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'imageOf',
      expected: `a caption for image ${image}`,
      got: 'none',
    });
  });
  return {
    images: unitRows(pick(finiteRows(images, 'images'), chosen)),
    captions: unitRows(pick(finiteRows(captions, 'captions'), own)),
  };
}

function pick({ data, shape: [, dim] }: FiniteRows, rows: readonly number[]): FiniteRows {
  const out = new Float64Array(rows.length * dim);
  rows.forEach((row, i) => out.set(data.subarray(row * dim, (row + 1) * dim), i * dim));
  return { data: out, shape: [rows.length, dim] };
}
