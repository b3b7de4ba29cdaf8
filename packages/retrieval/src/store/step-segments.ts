import type { Embeddings, SearchKernel, SearchProducts, SearchQueries } from '@diptych/core';
import { type StepsFile, StepsLost } from './steps-file.ts';

type Steps = Embeddings<'int8'>;
type Queries = SearchQueries<'int8'>;

interface Segment {
  readonly first: number;
  readonly rows: number;
  /** Absent where the rows are in the file alone. */
  readonly queries?: Queries | undefined;
  /** Rows that there is memory for. */
  readonly room?: number;
  /** Whether the file has them too. */
  isInFile: boolean;
}

/** What of some rows goes to one place. */
interface Share {
  readonly queries: Queries;
  /** In what the queries are of. */
  readonly to: number;
  /** Of the rows. */
  readonly from: number;
  readonly end: number;
}

export interface StepSegmentsOptions {
  readonly file?: StepsFile | undefined;
  /** That are in the file already. */
  readonly rows?: number | undefined;
}

/** Rows that are multiplied at once: so many fit the cache of a processor. */
export const rowsAtOnce = 1024;
const fewest = 1024;
const most = 2 ** 16;
/** Of so many times the memory that there may be, what comes to it makes a search faster by less than a tenth. */
const worthIt = 4;
/** To read so many rows in one call costs what a call for one of them costs. */
const sparse = 32;

/**
 * Rows of 8 bits that come one after the other and may be replaced, laid out by a kernel some at a time. Where there is a
 * file, what is too much for memory lies there and passes through a window of the kernel: a page that is new to a process costs
 * more than to read it from the cache of the system fifty times. Where many searches come, it pays: between them what is in the
 * file is copied.
 */
export class StepSegments {
  readonly #dim: number;
  readonly #kernel: SearchKernel<'int8'>;
  readonly #file: StepsFile | undefined;
  readonly #segments: Segment[] = [];
  #window: Queries | undefined;

  constructor(dim: number, kernel: SearchKernel<'int8'>, options: StepSegmentsOptions = {}) {
    const { file, rows = 0 } = options;
    this.#dim = dim;
    this.#kernel = kernel;
    this.#file = file;
    if (rows > 0) this.#segments.push({ first: 0, rows, isInFile: true });
  }

  /** Bytes of a row in the file; `undefined` where the kernel keeps rows to itself. */
  get width(): number | undefined {
    return this.#windowQueries.room?.(0, 1).length;
  }

  /** The file, once what is in memory of so many rows was written to it. */
  flush(rows: number): StepsFile {
    const [file, width] = [this.#file, this.width];
    if (!file || !width) throw new StepsLost('there is no file');
    for (const segment of this.#segments) {
      const { first, rows: count, queries, isInFile } = segment;
      if (!queries || isInFile) continue;
      file.write(first * width, queries.room!(0, Math.min(count, Math.max(0, rows - first))));
      segment.isInFile = true;
    }
    return file;
  }

  write(first: number, steps: Int8Array): void {
    const dim = this.#dim;
    this.#put(first, steps.length / dim, ({ queries, to, from, end }) => {
      queries.write!(to, this.#rows(steps.subarray(from * dim, end * dim), end - from));
    });
  }

  /** Rows of float32 less a mean; `false` when the kernel does not make steps of them. */
  quantize(first: number, rows: Float32Array, mean: Float32Array, told: Float64Array): boolean {
    const dim = this.#dim;
    this.#reach(first + rows.length / dim);
    if (!(this.#segments[0]?.queries ?? this.#windowQueries).quantize) return false;
    this.#put(first, rows.length / dim, ({ queries, to, from, end }) => {
      queries.quantize!(to, rows.subarray(from * dim, end * dim), mean, told.subarray(4 * from, 4 * end));
    });
    return true;
  }

  /** For each segment that has rows before `end`: its first row, the row after its last, and its products. */
  products(query: Steps, end: number): { readonly first: number; readonly end: number; readonly of: SearchProducts }[] {
    let through: SearchProducts | undefined;
    return this.#segments
      .filter(({ first }) => first < end)
      .map(({ first, rows, queries }) => {
        const of = queries
          ? queries(query)
          : this.#through((through ??= this.#windowQueries(query)), first, query.shape[0]);
        return { first, end: Math.min(end, first + rows), of };
      });
  }

  /** While nothing else is done, what is in the file alone is copied to memory, as much as there may be, unless that is little of all. */
  warm(): void {
    const file = this.#file;
    if (!file || this.#segments.every(({ queries }) => queries)) return;
    if (this.#length * this.#dim > worthIt * file.mostSearched) return;
    file.idle(() => {
      try {
        return this.#copySome();
      } catch {
        return false; // The next search says what is amiss, if it needs what could not be read.
      }
    });
  }

  close(): void {
    this.#file?.close();
  }

  /** Some rows more; `false` when there are none or there is no room. */
  #copySome(): boolean {
    const at = this.#segments.findIndex(({ queries }) => !queries);
    const there = this.#segments[at];
    if (!there || (there.first + rowsAtOnce) * this.#dim > this.#file!.mostSearched) return false;
    const before = this.#segments[at - 1];
    const isFull = !before || before.rows >= (before.room ?? 0);
    const filled = isFull ? this.#empty(there.first, Math.min(most, there.rows)) : before;
    const count = Math.min(rowsAtOnce, there.rows, filled.room! - filled.rows);
    this.#file!.read(there.first * this.width!, filled.queries!.room!(filled.rows, count));
    const left = { ...there, first: there.first + count, rows: there.rows - count };
    const changed = [{ ...filled, rows: filled.rows + count }, ...(left.rows > 0 ? [left] : [])];
    this.#segments.splice(isFull ? at : at - 1, isFull ? 1 : 2, ...changed);
    return true;
  }

  #empty(first: number, room: number): Segment {
    return { first, rows: 0, room, queries: this.#kernel(this.#rows(new Int8Array(0), room)), isInFile: true };
  }

  /** Rows that lie in the file from a row on: at most `rowsAtOnce` of them at once. */
  #through(products: SearchProducts, start: number, n: number): SearchProducts {
    const of = (first: number, count: number, out: Float64Array) => {
      this.#read(start + first, count);
      products(0, count, out);
    };
    const { gather } = products;
    if (!gather) return of;
    return Object.assign(of, {
      gather: (chosen: Uint32Array, out: Float64Array) => {
        for (let at = 0; at < chosen.length;) {
          const rows = this.#readChosen(start, chosen.subarray(at, at + rowsAtOnce));
          const some = new Float64Array(n * rows.length);
          gather(rows, some);
          for (let q = 0; q < n; q++) {
            out.set(some.subarray(q * rows.length, (q + 1) * rows.length), q * chosen.length + at);
          }
          at += rows.length;
        }
      },
    });
  }

  /** The first of some rows, as many as fit the window with what is read along; where they are in it. */
  #readChosen(start: number, chosen: Uint32Array): Uint32Array {
    const [first, last] = [chosen[0]!, chosen.at(-1)!];
    if (chosen.length * sparse < last - first) {
      const room = this.#windowQueries.room!(0, chosen.length);
      const width = room.length / chosen.length;
      for (let i = 0; i < chosen.length; i++) {
        this.#file!.read((start + chosen[i]!) * width, room.subarray(i * width, (i + 1) * width));
      }
      return chosen.map((_, i) => i);
    }
    const near = chosen.filter((row) => row - first < rowsAtOnce);
    this.#read(start + first, near.at(-1)! - first + 1);
    return near.map((row) => row - first);
  }

  /** To the window. */
  #read(first: number, count: number): void {
    const room = this.#windowQueries.room!(0, count);
    this.#file!.read((first * room.length) / count, room);
  }

  #put(first: number, count: number, put: (share: Share) => void): void {
    this.#reach(first + count);
    for (const segment of this.#segments) {
      const [start, end] = [Math.max(first, segment.first), Math.min(first + count, segment.first + segment.rows)];
      if (start >= end) continue;
      const { queries } = segment;
      if (queries) {
        segment.isInFile = false;
        put({ queries, to: start - segment.first, from: start - first, end: end - first });
      } else
        this.#putToFile(start, end - start, (share) =>
          put({ ...share, from: share.from + start - first, end: share.end + start - first }),
        );
    }
  }

  #putToFile(first: number, count: number, put: (share: Share) => void): void {
    const queries = this.#windowQueries;
    for (let from = 0; from < count; from += rowsAtOnce) {
      const end = Math.min(count, from + rowsAtOnce);
      put({ queries, to: 0, from, end });
      const room = queries.room!(0, end - from);
      this.#file!.write(((first + from) * room.length) / (end - from), room);
    }
  }

  #reach(rows: number): void {
    while (rows > this.#length) this.#grow();
  }

  get #length(): number {
    const last = this.#segments.at(-1);
    return last ? last.first + last.rows : 0;
  }

  get #windowQueries(): Queries {
    return (this.#window ??= this.#kernel(this.#rows(new Int8Array(0), rowsAtOnce)));
  }

  /** As many rows again, so that few segments hold any number and at most half of them is room. */
  #grow(): void {
    const first = this.#length;
    const rows = Math.min(most, Math.max(fewest, first));
    const isTooMuch = this.#file && (first + rows) * this.#dim > this.#file.mostInMemory;
    const queries = isTooMuch && this.width ? undefined : this.#kernel(this.#rows(new Int8Array(0), rows));
    this.#segments.push({ first, rows, queries, isInFile: !queries });
  }

  #rows(data: Int8Array, rows: number): Steps {
    return { precision: 'int8', model: '', data, shape: [rows, this.#dim] };
  }
}
