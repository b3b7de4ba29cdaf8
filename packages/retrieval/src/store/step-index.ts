import { type Embeddings, quantize, type SearchKernel, type SearchProducts } from '@diptych/core';
import { chosenIn, placeOf } from './chosen-slots.ts';
import { grown } from './grown.ts';
import { meanOf, squaredDistance } from './mean-of.ts';
import type { RowIndex } from './row-index.ts';
import { Nearest } from './nearest.ts';
import { type Asked, asksOf, restOf, rounding } from './step-query.ts';
import { stepsOfBytes, stepsOfFloats } from './steps-of.ts';
import { rowsAtOnce, StepSegments } from './step-segments.ts';
import type { StepsFile } from './steps-file.ts';

/** To read so many rows more costs less than to find out whether they have to be. */
const fewToRead = 4;
/** How far the mean may be from that of the rows, squared, as a part of how far they are from it. */
const mostMoved = 0.1;

/** What an index of float32 knows beside its steps, each array by slot. */
export interface StepState {
  readonly mean: Float32Array;
  readonly stepWeights: Float32Array<ArrayBuffer>;
  readonly meanWeights: Float32Array<ArrayBuffer>;
  readonly errors: Float32Array<ArrayBuffer>;
  readonly queryErrors: Float32Array<ArrayBuffer>;
}

export interface StepIndexOptions {
  readonly file?: StepsFile | undefined;
  /** Of the rows whose steps are in the file. */
  readonly state?: StepState | undefined;
}

/**
 * Rows less a mean, in steps of their largest component: `row = mean + step * steps + rest`. The score of a query of
 * length 1 is `(query . mean + query . step * steps) / |row|` within `|rest| / |row|`, by Cauchy and Schwarz, and what the
 * steps of the query itself lack.
 */
export class StepIndex implements RowIndex {
  readonly #dim: number;
  readonly #precision: 'float32' | 'int8' | 'uint8';
  readonly #kernel: SearchKernel<'int8'>;
  readonly #mean: Float32Array;
  readonly #meanLength: number;
  readonly #segments: StepSegments;
  /** By slot: what a product of steps and what that with the mean counts for. */
  #stepWeights: Float32Array<ArrayBuffer> = new Float32Array(0);
  #meanWeights: Float32Array<ArrayBuffer> = new Float32Array(0);
  /** By slot: the error, NaN where there is no row, and what is added for a query whose rest is 1. */
  #errors: Float32Array<ArrayBuffer> = new Float32Array(0);
  #queryErrors: Float32Array<ArrayBuffer> = new Float32Array(0);
  #products = new Float64Array(0);
  #slots = new Uint32Array(0);
  readonly #chosen = new Uint32Array(rowsAtOnce);
  length = 0;

  constructor(
    dim: number,
    precision: 'float32' | 'int8' | 'uint8',
    kernel: SearchKernel<'int8'>,
    mean: Float32Array,
    { file, state }: StepIndexOptions = {},
  ) {
    this.#dim = dim;
    this.#precision = precision;
    this.#kernel = kernel;
    this.#mean = mean;
    this.#meanLength = Math.sqrt(mean.reduce((sum, value) => sum + value ** 2, 0));
    const rows = state?.errors.length;
    this.#segments = new StepSegments(dim, kernel, { file, rows });
    if (!state) return;
    this.length = rows!;
    this.#stepWeights = state.stepWeights;
    this.#meanWeights = state.meanWeights;
    this.#errors = state.errors;
    this.#queryErrors = state.queryErrors;
  }

  /** Bytes of a row of the file; `undefined` where the kernel can have none. */
  get stepBytes(): number | undefined {
    return this.#segments.width;
  }

  /** What it is made of again, with all steps in the file. */
  keep(): { readonly file: StepsFile; readonly state: StepState } {
    const file = this.#segments.flush(this.length);
    const kept = (values: Float32Array<ArrayBuffer>) => values.subarray(0, this.length);
    const state = {
      mean: this.#mean,
      stepWeights: kept(this.#stepWeights),
      meanWeights: kept(this.#meanWeights),
      errors: kept(this.#errors),
      queryErrors: kept(this.#queryErrors),
    };
    return { file, state };
  }

  fresh(file?: StepsFile): StepIndex {
    return new StepIndex(this.#dim, this.#precision, this.#kernel, this.#mean, { file });
  }

  warm(): void {
    this.#segments.warm();
  }

  close(): void {
    this.#segments.close();
  }

  /** A mean that is far from that of the rows makes their steps longer. */
  fits(sample: readonly Float32Array[]): boolean {
    if (this.#precision !== 'float32' || sample.length === 0) return true;
    const mean = meanOf(sample, this.#dim);
    const spread = sample.reduce((sum, row) => sum + squaredDistance(row, mean) / sample.length, 0);
    return squaredDistance(mean, this.#mean) <= mostMoved * spread;
  }

  set(first: number, rows: Uint8Array<ArrayBuffer>, scales: readonly (number | undefined)[]): void {
    const count = scales.length;
    this.#reach(first + count);
    const told = new Float64Array(4 * count);
    if (this.#precision === 'float32') {
      const floats = new Float32Array(rows.buffer, rows.byteOffset, count * this.#dim);
      if (!this.#segments.quantize(first, floats, this.#mean, told)) {
        this.#segments.write(first, stepsOfFloats(floats, this.#mean, told));
      }
    } else this.#segments.write(first, stepsOfBytes(rows, this.#precision, scales, told));
    for (let i = 0; i < count; i++) this.#weigh(first + i, told, 4 * i);
  }

  clear(slot: number): void {
    this.#reach(slot + 1);
    this.#errors[slot] = NaN;
  }

  nearest(queries: Embeddings, k: number, mask: Uint8Array | undefined): number[][] {
    const steps = quantize(queries, 'int8');
    const asked = asksOf(queries, steps, this.#mean, k);
    const slots = mask && chosenIn(mask, this.length, (this.#slots = grown(this.#slots, this.length)));
    for (const { first, end, of } of this.#segments.products(steps, this.length)) {
      if (slots && of.gather) this.#gather(asked, slots, { first, end, gather: of.gather });
      else this.#scan(asked, mask, { first, end, of });
    }
    return asked.map(({ near }, q) => {
      const rows = near.rows();
      return rows.length > k + fewToRead ? this.#refine(queries, steps, { q, rows, k, asked: asked[q]! }) : rows;
    });
  }

  /** Of rows that may be among the best, those that still may be when nothing of the query is left out. */
  #refine(queries: Embeddings, steps: Embeddings<'int8'>, { q, rows, k, asked }: Refined): number[] {
    const near = new Nearest(k);
    const slots = Uint32Array.from(rows);
    const rest = restOf(queries, steps, q);
    const products = this.#productsOf(rowOf(steps, q), slots);
    const more = this.#productsOf(rest.steps, slots);
    for (const [i, slot] of slots.entries()) {
      const product = asked.step * products[i]! + rest.step * more[i]!;
      const score = asked.mean * this.#meanWeights[slot]! + this.#stepWeights[slot]! * product;
      const error = this.#errors[slot]! + rest.rest * this.#queryErrors[slot]!;
      if (score + error >= near.least) near.add(slot, score, error);
    }
    return near.rows();
  }

  #productsOf(steps: Embeddings<'int8'>, slots: Uint32Array): Float64Array {
    const out = new Float64Array(slots.length);
    for (const { first, end, of } of this.#segments.products(steps, this.length)) {
      const [start, last] = [placeOf(slots, first), placeOf(slots, end)];
      if (start === last) continue;
      const chosen = slots.slice(start, last).map((slot) => slot - first);
      const to = out.subarray(start, last);
      if (of.gather) of.gather(chosen, to);
      else chosen.forEach((row, i) => of(row, 1, to.subarray(i)));
    }
    return out;
  }

  #reach(length: number): void {
    this.reserve(length);
    this.length = Math.max(this.length, length);
  }

  reserve(length: number): void {
    this.#stepWeights = grown(this.#stepWeights, length);
    this.#meanWeights = grown(this.#meanWeights, length);
    this.#errors = grown(this.#errors, length);
    this.#queryErrors = grown(this.#queryErrors, length);
  }

  #scan(asked: readonly Asked[], mask: Uint8Array | undefined, { first, end, of }: Part): void {
    const step = Math.ceil(rowsAtOnce / asked.length);
    const out = this.#room(asked.length * step);
    for (let start = first; start < end; start += step) {
      const count = Math.min(step, end - start);
      of(start - first, count, out);
      for (const [q, one] of asked.entries()) {
        this.#offer(one, { first: start, count, products: out.subarray(q * count), mask });
      }
    }
  }

  #gather(asked: readonly Asked[], slots: Uint32Array, { first, end, gather }: Gathered): void {
    const out = this.#room(asked.length * rowsAtOnce);
    const last = placeOf(slots, end);
    for (let at = placeOf(slots, first); at < last; at += rowsAtOnce) {
      const some = slots.subarray(at, Math.min(last, at + rowsAtOnce));
      const count = some.length;
      const chosen = this.#chosen.subarray(0, count);
      for (let i = 0; i < count; i++) chosen[i] = some[i]! - first;
      gather(chosen, out);
      for (const [q, one] of asked.entries()) {
        this.#offer(one, { first, count, products: out.subarray(q * count), chosen });
      }
    }
  }

  /** For the products of one call after the other: memory that is new to the process costs more than to write to it. */
  #room(products: number): Float64Array {
    this.#products = grown(this.#products, products);
    return this.#products;
  }

  /** Rows that may be among the best. */
  #offer({ near, mean, step, rest }: Asked, { first, count, products, chosen, mask }: Offered): void {
    const [meanWeights, stepWeights] = [this.#meanWeights, this.#stepWeights];
    const [errors, queryErrors] = [this.#errors, this.#queryErrors];
    let { least } = near;
    for (let i = 0; i < count; i++) {
      const slot = first + (chosen ? chosen[i]! : i);
      if (mask && !mask[slot]) continue;
      const score = mean * meanWeights[slot]! + step * stepWeights[slot]! * products[i]!;
      const error = errors[slot]! + rest * queryErrors[slot]!;
      if (!(score + error >= least)) continue; // Nor is NaN, where there is no row.
      near.add(slot, score, error);
      ({ least } = near);
    }
  }

  /** @param told As `SearchQueries.quantize` tells it, from `at` on. */
  #weigh(slot: number, told: Float64Array, at: number): void {
    const [step, length, rest] = [told[at]!, Math.sqrt(told[at + 1]!), Math.sqrt(told[at + 2]!)];
    const factor = 1 / length;
    // Beyond, float32 would run over, or squares in it vanish: such a row is always compared exactly.
    const isOrdinary = length > 1e-15 && length < 1e15 && this.#meanLength * factor < 1e6;
    if (length > 0 && !isOrdinary) {
      this.#errors[slot] = Infinity;
      this.#stepWeights[slot] = this.#meanWeights[slot] = this.#queryErrors[slot] = 0;
      return;
    }
    const stepped = Math.abs(step) * Math.sqrt(told[at + 3]!);
    const [all, perLength] = [this.#meanLength + stepped, length > 0 ? factor : 0];
    this.#stepWeights[slot] = step * perLength;
    this.#meanWeights[slot] = perLength;
    this.#errors[slot] = (rest + rounding * all) * perLength;
    this.#queryErrors[slot] = stepped * perLength * (1 + rounding);
  }
}

/** Some slots and their products. */
interface Part {
  readonly first: number;
  readonly end: number;
  readonly of: SearchProducts;
}

/** Rows from a slot on, all or those chosen, whose numbers begin there. */
interface Offered {
  readonly first: number;
  readonly count: number;
  readonly products: Float64Array;
  readonly chosen?: Uint32Array;
  readonly mask?: Uint8Array | undefined;
}

interface Gathered extends Omit<Part, 'of'> {
  readonly gather: NonNullable<SearchProducts['gather']>;
}

interface Refined {
  readonly q: number;
  /** In order. */
  readonly rows: readonly number[];
  readonly k: number;
  readonly asked: Asked;
}

function rowOf({ data, shape: [, dim], ...rest }: Embeddings<'int8'>, q: number): Embeddings<'int8'> {
  return { ...rest, data: data.subarray(q * dim, (q + 1) * dim), shape: [1, dim] };
}
