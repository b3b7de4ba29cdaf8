import type { Embeddings, SearchKernel, SearchProducts, SearchQueries } from '@diptych/core';

type Steps = Embeddings<'int8'>;

interface Segment {
  readonly first: number;
  readonly rows: number;
  readonly queries: SearchQueries<'int8'>;
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

  write(row: number, steps: Int8Array): void {
    while (row >= this.#length) this.#grow();
    const segment = this.#segments.findLast(({ first }) => first <= row)!;
    segment.queries.write!(row - segment.first, this.#rows(steps, 1));
  }

  /** For each segment that has rows before `end`: its first row, the row after its last, and its products. */
  products(query: Steps, end: number): { readonly first: number; readonly end: number; readonly of: SearchProducts }[] {
    return this.#segments
      .filter(({ first }) => first < end)
      .map(({ first, rows, queries }) => ({ first, end: Math.min(end, first + rows), of: queries(query) }));
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
