import type { Embeddings, SearchKernel, SearchProducts, SearchQueries } from '@diptych/core';

type Steps = Embeddings<'int8'>;

interface Segment {
  readonly first: number;
  readonly rows: number;
  readonly queries: SearchQueries<'int8'>;
}

/** What of some rows lies in one segment. */
interface Share {
  readonly queries: SearchQueries<'int8'>;
  /** In the segment. */
  readonly to: number;
  /** Of the rows. */
  readonly from: number;
  readonly end: number;
}

const fewest = 1024;
const most = 2 ** 16;

/** Rows of 8 bits that come one after the other and may be replaced, laid out by a kernel some at a time. */
export class StepSegments {
  readonly #dim: number;
  readonly #kernel: SearchKernel<'int8'>;
  readonly #segments: Segment[] = [];

  constructor(dim: number, kernel: SearchKernel<'int8'>) {
    this.#dim = dim;
    this.#kernel = kernel;
  }

  write(first: number, steps: Int8Array): void {
    const dim = this.#dim;
    for (const { queries, to, from, end } of this.#shares(first, steps.length / dim)) {
      queries.write!(to, this.#rows(steps.subarray(from * dim, end * dim), end - from));
    }
  }

  /** Rows of float32 less a mean; `false` when the kernel does not make steps of them. */
  quantize(first: number, rows: Float32Array, mean: Float32Array, told: Float64Array): boolean {
    const dim = this.#dim;
    for (const { queries, to, from, end } of this.#shares(first, rows.length / dim)) {
      if (!queries.quantize) return false;
      queries.quantize(to, rows.subarray(from * dim, end * dim), mean, told.subarray(4 * from, 4 * end));
    }
    return true;
  }

  /** For each segment that has rows before `end`: its first row, the row after its last, and its products. */
  products(query: Steps, end: number): { readonly first: number; readonly end: number; readonly of: SearchProducts }[] {
    return this.#segments
      .filter(({ first }) => first < end)
      .map(({ first, rows, queries }) => ({ first, end: Math.min(end, first + rows), of: queries(query) }));
  }

  *#shares(first: number, count: number): Generator<Share> {
    while (first + count > this.#length) this.#grow();
    for (const segment of this.#segments) {
      const [start, end] = [Math.max(first, segment.first), Math.min(first + count, segment.first + segment.rows)];
      if (start < end) yield { ...segment, to: start - segment.first, from: start - first, end: end - first };
    }
  }

  get #length(): number {
    const last = this.#segments.at(-1);
    return last ? last.first + last.rows : 0;
  }

  /** As many rows again, so that few segments hold any number and at most half of them is room. */
  #grow(): void {
    const rows = Math.min(most, Math.max(fewest, this.#length));
    const queries = this.#kernel(this.#rows(new Int8Array(0), rows));
    this.#segments.push({ first: this.#length, rows, queries });
  }

  #rows(data: Int8Array, rows: number): Steps {
    return { precision: 'int8', model: '', data, shape: [rows, this.#dim] };
  }
}
