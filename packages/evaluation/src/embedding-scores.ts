import type { ScoreKernel } from '@diptych/core';
import { expectOneSpace, finiteRows, type FiniteRows, type Rows } from './rows.ts';
import type { Range, Scores } from './scores.ts';
import { inverseNorms } from './unit-rows.ts';

export interface ScoreOptions {
  /**
   * Sums in single precision, many times as fast: `scoreKernel()` of `@diptych/backend-wasm/algebra`. Default plain
   * JavaScript, in double precision.
   */
  readonly kernel?: ScoreKernel | undefined;
}

/**
 * Cosine of every query with every document, computed by blocks when needed. A zero row scores 0.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ; `INPUT_INVALID` when the models differ or a value
 *   is not finite.
 */
export function cosineScores(queries: Rows, documents: Rows, options?: ScoreOptions): Scores {
  const { shape, products } = productsOf(queries, documents, options);
  const scaleOfQuery = inverseNorms(finiteRows(queries, 'queries'));
  const scaleOfDocument = inverseNorms(finiteRows(documents, 'documents'));
  return {
    shape,
    block(rows, columns) {
      const found = products(rows, columns);
      const out = new Float64Array(found.length);
      const scales = scaleOfDocument.subarray(columns[0], columns[1]);
      for (let row = rows[0], at = 0; row < rows[1]; row++) {
        const scale = scaleOfQuery[row]!;
        for (let j = 0; j < scales.length; j++, at++) out[at] = found[at]! * (scale * scales[j]!);
      }
      return out;
    },
  };
}

/**
 * Inner product of every query with every document, computed by blocks when needed: the cosine of unit rows.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ; `INPUT_INVALID` when the models differ or a value
 *   is not finite.
 */
export function dotScores(queries: Rows, documents: Rows, options?: ScoreOptions): Scores {
  const { shape, products } = productsOf(queries, documents, options);
  return { shape, block: (rows, columns) => new Float64Array(products(rows, columns)) };
}

interface Products {
  readonly shape: Scores['shape'];
  /** In memory that the next call may change. */
  readonly products: (rows: Range, columns: Range) => Float32Array | Float64Array;
}

function productsOf(queries: Rows, documents: Rows, { kernel }: ScoreOptions = {}): Products {
  expectOneSpace(queries, documents, 'scores');
  const left = finiteRows(queries, 'queries');
  const right = finiteRows(documents, 'documents');
  const dim = left.shape[1];
  const shape = [left.shape[0], right.shape[0]] as const;
  if (!kernel) return { shape, products: (rows, columns) => innerProducts(left, rows, right, columns) };
  const multiply = kernel(asFloat32(right.data), dim);
  const products = (rows: Range, columns: Range) => {
    return multiply(asFloat32(left.data.subarray(rows[0] * dim, rows[1] * dim)), columns[0], columns[1]);
  };
  return { shape, products };
}

/**
 * `-‖max(0, text - image)‖` of every image with every text, both at length 1, computed by blocks when needed: the score of
 * order embeddings, Vendrov et al. 2016, arXiv:1511.06361. Rows have no value below 0.
 *
 * @throws {EmbeddingError} As `cosineScores`.
 */
export function orderScores(images: Rows, texts: Rows): Scores {
  expectOneSpace(images, texts, 'scores');
  const [left, right] = [finiteRows(images, 'images'), finiteRows(texts, 'texts')];
  const [ofImages, ofTexts] = [inverseNorms(left), inverseNorms(right)];
  const dim = left.shape[1];
  const violation = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < dim; k++) {
      const above = right.data[j * dim + k]! * ofTexts[j]! - left.data[i * dim + k]! * ofImages[i]!;
      if (above > 0) sum += above * above;
    }
    return Math.sqrt(sum);
  };
  return {
    shape: [left.shape[0], right.shape[0]],
    block([firstRow, lastRow], [first, last]) {
      const width = last - first;
      return Float64Array.from({ length: (lastRow - firstRow) * width }, (_, at) => {
        return -violation(firstRow + Math.floor(at / width), first + (at % width));
      });
    },
  };
}

function asFloat32(data: Float32Array | Float64Array): Float32Array {
  return data instanceof Float32Array ? data : new Float32Array(data);
}

/**
 * Each product is summed in the order of the components, whatever the block: equal rows get equal scores, and a pair
 * scores the same in both directions.
 */
function innerProducts(left: FiniteRows, rows: Range, right: FiniteRows, columns: Range): Float64Array {
  const dim = left.shape[1];
  const height = rows[1] - rows[0];
  const width = columns[1] - columns[0];
  const a = Float64Array.from(left.data.subarray(rows[0] * dim, rows[1] * dim));
  const b = new Float64Array(dim);
  const out = new Float64Array(height * width);
  for (let column = 0; column < width; column++) {
    const start = (columns[0] + column) * dim;
    for (let k = 0; k < dim; k++) b[k] = right.data[start + k]!;
    let row = 0;
    for (; row + 4 <= height; row += 4) fourProducts(a, b, { row, out, at: row * width + column, width });
    for (; row < height; row++) {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += a[row * dim + k]! * b[k]!;
      out[row * width + column] = sum;
    }
  }
  return out;
}

interface Target {
  readonly row: number;
  readonly out: Float64Array;
  readonly at: number;
  readonly width: number;
}

/** Four rows share each read of `b`: about twice as fast as one by one. */
function fourProducts(a: Float64Array, b: Float64Array, { row, out, at, width }: Target): void {
  const dim = b.length;
  const [first, second, third, fourth] = [row * dim, (row + 1) * dim, (row + 2) * dim, (row + 3) * dim];
  let [s, t, u, v] = [0, 0, 0, 0];
  for (let k = 0; k < dim; k++) {
    const value = b[k]!;
    s += a[first + k]! * value;
    t += a[second + k]! * value;
    u += a[third + k]! * value;
    v += a[fourth + k]! * value;
  }
  out[at] = s;
  out[at + width] = t;
  out[at + 2 * width] = u;
  out[at + 3 * width] = v;
}
