import type { Embeddings } from '@diptych/core';
import { dotFloat32 } from '../kernels/dot-float32.ts';

/** Where each row belongs. */
export interface Assignment {
  /** Per row the index of its cluster. */
  readonly cluster: Int32Array;
  /** Per row its cosine with the centre of the cluster. */
  readonly cosine: Float64Array;
}

/** The nearest centre of each row, of equally near ones the first; an empty cluster takes the row that fits worst. */
export function assign(unit: Embeddings, centres: Embeddings): Assignment {
  const n = unit.shape[0];
  const count = centres.shape[0];
  const cluster = new Int32Array(n);
  const cosine = new Float64Array(n).fill(-Infinity);
  const products = dotFloat32(unit)(centres);
  const out = new Float64Array(count);
  for (let row = 0; row < n; row++) {
    products(row, 1, out);
    for (let c = 0; c < count; c++) {
      if (out[c]! > cosine[row]!) [cluster[row], cosine[row]] = [c, out[c]!];
    }
  }
  fillEmpty({ cluster, cosine }, count);
  return { cluster, cosine };
}

function fillEmpty({ cluster, cosine }: Assignment, count: number): void {
  const sizes = new Int32Array(count);
  cluster.forEach((c) => sizes[c]!++);
  for (let empty = sizes.indexOf(0); empty >= 0; empty = sizes.indexOf(0)) {
    const worst = cosine.reduce((at, value, row) => {
      if (sizes[cluster[row]!]! < 2) return at;
      return at < 0 || value < cosine[at]! ? row : at;
    }, -1);
    sizes[cluster[worst]!]!--;
    sizes[empty] = 1;
    cluster[worst] = empty;
    cosine[worst] = 1; // Its own centre from now on.
  }
}
