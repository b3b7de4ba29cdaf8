import { expectMembers, inverseNorms, type ScoreKernel } from '@diptych/core';
import { expectOneSpace, finiteRows, type FiniteRows, type Rows } from './rows.ts';
import type { Range, Scores } from './scores.ts';

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
export function cosineScores(queries: Rows, documents: Rows, options: ScoreOptions = {}): Scores {
  const { left, right, kernel } = checked(queries, documents, options);
  const [scaleOfQuery, scaleOfDocument] = [inverseNorms(left), inverseNorms(right)];
  if (kernel) return multiplied(scaled(left, scaleOfQuery), scaled(right, scaleOfDocument), kernel);
  return {
    shape: [left.shape[0], right.shape[0]],
    block(rows, columns) {
      const out = innerProducts(left, rows, right, columns);
      const scales = scaleOfDocument.subarray(columns[0], columns[1]);
      for (let row = rows[0], at = 0; row < rows[1]; row++) {
        const scale = scaleOfQuery[row]!;
        for (let j = 0; j < scales.length; j++, at++) out[at]! *= scale * scales[j]!;
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
export function dotScores(queries: Rows, documents: Rows, options: ScoreOptions = {}): Scores {
  const { left, right, kernel } = checked(queries, documents, options);
  if (kernel) return multiplied(left, right, kernel);
  const shape = [left.shape[0], right.shape[0]] as const;
  return { shape, block: (rows, columns) => innerProducts(left, rows, right, columns) };
}

function checked(queries: Rows, documents: Rows, options: ScoreOptions) {
  expectOneSpace(queries, documents, 'scores');
  expectMembers(options, 'scores: options');
  return { left: finiteRows(queries, 'queries'), right: finiteRows(documents, 'documents'), kernel: options.kernel };
}

/** Products in single precision. */
function multiplied(left: FiniteRows, right: FiniteRows, kernel: ScoreKernel): Scores {
  const dim = left.shape[1];
  const multiply = kernel(asFloat32(right.data), dim);
  const [n, m] = [left.shape[0], right.shape[0]];
  const view = (rows: Range, columns: Range) => {
    return multiply(asFloat32(left.data.subarray(rows[0] * dim, rows[1] * dim)), columns[0], columns[1]);
  };
  return { shape: [n, m], view, block: (rows, columns) => new Float64Array(view(rows, columns)) };
}

/** Every row times its scale. */
function scaled({ data, shape }: FiniteRows, scales: Float64Array): FiniteRows {
  const out = new Float32Array(data.length);
  for (let row = 0, at = 0; row < scales.length; row++) {
    for (let j = 0; j < shape[1]; j++, at++) out[at] = data[at]! * scales[row]!;
  }
  return { data: out, shape };
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
