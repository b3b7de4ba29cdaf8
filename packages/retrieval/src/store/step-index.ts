import { type Embeddings, quantize, type SearchKernel, type SearchProducts } from '@diptych/core';
import { grown } from './grown.ts';
import { Nearest } from './nearest.ts';
import type { RowIndex } from './row-index.ts';
import { StepSegments } from './step-segments.ts';

const rowsPerBlock = 4096;
/** More than float32 and float64 may round, relative to what is rounded. */
const rounding = 2e-6;
/** Added to a small number and taken away again, it leaves the nearest integer: float64 has no place for more. */
const toWhole = 1.5 * 2 ** 52;

/**
 * Rows less a mean, in steps of their largest component: `row = mean + step * steps + rest`. The score of a query of
 * length 1 is `(query . mean + query . step * steps) / |row|` within `|rest| / |row|`, by Cauchy and Schwarz, and what the
 * steps of the query itself lack.
 */
export class StepIndex implements RowIndex {
  readonly #dim: number;
  readonly #precision: 'float32' | 'int8' | 'uint8';
  readonly #kernel: SearchKernel<'int8'>;
  readonly #mean: Float64Array;
  readonly #meanLength: number;
  readonly #segments: StepSegments;
  readonly #steps: Int8Array;
  readonly #beyond: Float64Array;
  /** By slot: what a product of steps and what that with the mean counts for. */
  #stepWeights = new Float32Array(0);
  #meanWeights = new Float32Array(0);
  /** By slot: the error, NaN where there is no row, and what is added for a query whose rest is 1. */
  #errors = new Float32Array(0);
  #queryErrors = new Float32Array(0);
  length = 0;

  constructor(dim: number, precision: 'float32' | 'int8' | 'uint8', kernel: SearchKernel<'int8'>, mean: Float64Array) {
    this.#dim = dim;
    this.#precision = precision;
    this.#kernel = kernel;
    this.#mean = mean;
    this.#meanLength = Math.sqrt(mean.reduce((sum, value) => sum + value ** 2, 0));
    this.#segments = new StepSegments(dim, kernel);
    this.#steps = new Int8Array(dim);
    this.#beyond = new Float64Array(dim);
  }

  fresh(): StepIndex {
    return new StepIndex(this.#dim, this.#precision, this.#kernel, this.#mean);
  }

  set(slot: number, bytes: Uint8Array<ArrayBuffer>, scale: number | undefined): void {
    this.#stepWeights = grown(this.#stepWeights, slot + 1);
    this.#meanWeights = grown(this.#meanWeights, slot + 1);
    this.#errors = grown(this.#errors, slot + 1);
    this.#queryErrors = grown(this.#queryErrors, slot + 1);
    this.length = Math.max(this.length, slot + 1);
    if (this.#precision === 'float32')
      this.#setFloats(slot, new Float32Array(bytes.buffer, bytes.byteOffset, this.#dim));
    else this.#setSteps(slot, bytes, scale!);
    this.#segments.write(slot, this.#steps);
  }

  clear(slot: number): void {
    this.#errors[slot] = NaN;
  }

  nearest(query: Embeddings, k: number, mask: Uint8Array | undefined): number[] {
    const near = new Nearest(k);
    const asked = this.#ask(query);
    for (const { first, end, of } of this.#segments.products(asked.steps, this.length)) {
      if (mask && of.gather) this.#gather(near, asked, mask, { first, end, gather: of.gather });
      else this.#scan(near, asked, mask, { first, end, of });
    }
    return near.rows();
  }

  #scan(near: Nearest, asked: Asked, mask: Uint8Array | undefined, { first, end, of }: Part): void {
    const out = new Float64Array(rowsPerBlock);
    for (let start = first; start < end; start += rowsPerBlock) {
      const count = Math.min(rowsPerBlock, end - start);
      of(start - first, count, out);
      for (let i = 0; i < count; i++) if (!mask || mask[start + i]) this.#offer(near, asked, start + i, out[i]!);
    }
  }

  #gather(near: Nearest, asked: Asked, mask: Uint8Array, part: Gathered): void {
    const chosen = new Uint32Array(rowsPerBlock);
    const out = new Float64Array(rowsPerBlock);
    let count = 0;
    const flush = () => {
      part.gather(chosen.subarray(0, count), out);
      for (let i = 0; i < count; i++) this.#offer(near, asked, part.first + chosen[i]!, out[i]!);
      count = 0;
    };
    for (let slot = part.first; slot < part.end; slot++) {
      if (!mask[slot]) continue;
      chosen[count++] = slot - part.first;
      if (count === rowsPerBlock) flush();
    }
    flush();
  }

  #offer(near: Nearest, { mean, step, rest }: Asked, slot: number, product: number): void {
    const score = mean * this.#meanWeights[slot]! + step * this.#stepWeights[slot]! * product;
    const error = this.#errors[slot]! + rest * this.#queryErrors[slot]!;
    if (score + error >= near.least) near.add(slot, score, error);
  }

  #ask(query: Embeddings): Asked {
    const length = Math.sqrt(query.data.reduce((sum, value) => sum + value ** 2, 0));
    const { scales, ...steps } = quantize(query, 'int8');
    const [step, factor] = [scales![0]!, length > 0 ? 1 / length : 0];
    let [mean, rest] = [0, 0];
    query.data.forEach((value, i) => {
      mean += value * this.#mean[i]!;
      rest += (value - step * steps.data[i]!) ** 2;
    });
    return { steps, mean: mean * factor, step: step * factor, rest: Math.sqrt(rest) * factor + rounding };
  }

  /** Steps of what a row has beyond the mean. */
  #setFloats(slot: number, row: Float32Array): void {
    const [mean, steps, beyond] = [this.#mean, this.#steps, this.#beyond];
    let [sum, largest] = [0, 0];
    for (let i = 0; i < row.length; i++) {
      const value = row[i]!;
      const more = value - mean[i]!;
      beyond[i] = more;
      sum += value * value;
      largest = Math.max(largest, Math.abs(more));
    }
    const step = largest / 127;
    const perStep = step > 0 ? 1 / step : 0;
    let [rest, stepped] = [0, 0];
    for (let i = 0; i < row.length; i++) {
      const more = beyond[i]!;
      const whole = more * perStep + toWhole - toWhole;
      steps[i] = whole;
      const lacks = more - step * whole;
      rest += lacks * lacks;
      stepped += whole * whole;
    }
    this.#weigh(slot, Math.sqrt(sum), { step, rest: Math.sqrt(rest), stepped: step * Math.sqrt(stepped) });
  }

  /** Rows of 8 bits as they are. */
  #setSteps(slot: number, bytes: Uint8Array, step: number): void {
    const middle = this.#precision === 'uint8' ? 128 : 0;
    let stepped = 0;
    for (let i = 0; i < bytes.length; i++) {
      this.#steps[i] = bytes[i]! - middle;
      stepped += this.#steps[i]! ** 2;
    }
    const length = Math.abs(step) * Math.sqrt(stepped);
    this.#weigh(slot, length, { step, rest: 0, stepped: length });
  }

  #weigh(slot: number, length: number, { step, rest, stepped }: Weights): void {
    const factor = 1 / length;
    // Beyond, float32 would run over, or squares in it vanish: such a row is always compared exactly.
    const isOrdinary = length > 1e-15 && length < 1e15 && this.#meanLength * factor < 1e6;
    if (length > 0 && !isOrdinary) {
      this.#errors[slot] = Infinity;
      this.#stepWeights[slot] = this.#meanWeights[slot] = this.#queryErrors[slot] = 0;
      return;
    }
    const [all, perLength] = [this.#meanLength + stepped, length > 0 ? factor : 0];
    this.#stepWeights[slot] = step * perLength;
    this.#meanWeights[slot] = perLength;
    this.#errors[slot] = (rest + rounding * all) * perLength;
    this.#queryErrors[slot] = stepped * perLength * (1 + rounding);
  }
}

/** A query of length 1: its product with the mean, its steps, what one counts for, and the length of the rest. */
interface Asked {
  readonly steps: Embeddings<'int8'>;
  readonly mean: number;
  readonly step: number;
  readonly rest: number;
}

/** Some slots and their products. */
interface Part {
  readonly first: number;
  readonly end: number;
  readonly of: SearchProducts;
}

interface Gathered extends Omit<Part, 'of'> {
  readonly gather: NonNullable<SearchProducts['gather']>;
}

interface Weights {
  readonly step: number;
  readonly rest: number;
  readonly stepped: number;
}
