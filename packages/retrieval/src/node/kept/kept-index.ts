import { fstatSync, openSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { parseJson, type SearchKernel, turn } from '@diptych/core';
import { writeAt } from '@diptych/core/node';
import { StepIndex, type StepState } from '../../store/step-index.ts';
import type { StepsFile } from '../../store/steps-file.ts';
import type { StoreConfig } from '../../store.ts';
import { readAt } from '../file-store/positions.ts';
import { StepsOnDisk } from './steps-on-disk.ts';

export interface KeptIndexOptions {
  /** Of fewer rows an index is made as soon as it is read. */
  readonly fewest?: number | undefined;
  /** Bytes of steps; more are read from the file in each search. */
  readonly mostInMemory?: number | undefined;
}

interface Head {
  /** Of what it is: a text that no other rows have. */
  readonly key: string;
  readonly rows: number;
  /** Bytes of the steps of a row. */
  readonly width: number;
  readonly sum: number;
  readonly stepsSum: number;
}

type Floats = Float32Array<ArrayBuffer>;

const magic = 'diptych index 1';
const names = ['mean', 'stepWeights', 'meanWeights', 'errors', 'queryErrors'] as const;
const bytesPerTurn = 2 ** 20;
const mostOfHead = 4096;

/**
 * An index beside its rows, in two files: `.steps`, in which a search reads what is not in memory, and `.index`, which has all
 * else and is written when the store is closed. It says of which rows it is and has checksums of both files: whatever does
 * not hold, the index is made anew.
 */
export class KeptIndex {
  readonly #path: string;
  readonly #config: Required<StoreConfig>;
  readonly #kernel: SearchKernel<'int8'>;
  readonly #fewest: number;
  readonly #mostInMemory: number;
  #key: string | undefined;

  /** @param path Of both files, less their endings. */
  constructor(
    path: string,
    config: Required<StoreConfig>,
    kernel: SearchKernel<'int8'>,
    { fewest = 2 ** 14, mostInMemory = 2 ** 26 }: KeptIndexOptions = {},
  ) {
    this.#path = path;
    this.#config = config;
    this.#kernel = kernel;
    this.#fewest = fewest;
    this.#mostInMemory = mostInMemory;
  }

  /** For an index that is made anew. */
  newFile(): StepsFile {
    return new StepsOnDisk(`${this.#path}.steps`, this.#mostInMemory);
  }

  isWorthIt(rows: number): boolean {
    return rows >= this.#fewest;
  }

  /** `undefined` where there is none, it is of other rows, or damaged. */
  async open(key: string): Promise<StepIndex | undefined> {
    const { dim, precision } = this.#config;
    if (precision === 'binary' || precision === 'ubinary') return undefined;
    let file: StepsFile | undefined;
    try {
      const [head, state] = await this.#read(key);
      const path = `${this.#path}.steps`;
      const steps = openSync(path, 'r+');
      file = new StepsOnDisk(path, this.#mostInMemory, { there: { file: steps, size: fstatSync(steps).size } });
      if ((await sumOf(file, head.rows * head.width)) !== head.stepsSum) throw new Error('other steps');
      const empty = new StepIndex(dim, precision, this.#kernel, state.mean);
      if (empty.stepBytes !== head.width) throw new Error('another layout');
      const index = new StepIndex(dim, precision, this.#kernel, state.mean, { file, state });
      this.#key = key;
      return index;
    } catch {
      file?.close();
      return undefined;
    }
  }

  /** @throws {Error} What cannot be written is not kept, and says why: it can be made anew. */
  async save(index: StepIndex, key: string): Promise<void> {
    if (key === this.#key) return;
    const partial = `${this.#path}.index.partial`;
    try {
      const { state, file } = index.keep();
      const [rows, width] = [index.length, index.stepBytes!];
      const arrays = names.map((name) => bytesOf(state[name]));
      const sum = arrays.reduce((all, bytes) => crc32(bytes, all), 0);
      const head: Head = { key, rows, width, sum, stepsSum: await sumOf(file, rows * width) };
      const out = await open(partial, 'w');
      try {
        let end = 0;
        for (const bytes of [Buffer.from(`${magic}\n${JSON.stringify(head)}\n`), ...arrays]) {
          await writeAt(out, bytes, end);
          end += bytes.length;
        }
      } finally {
        await out.close();
      }
      await rename(partial, `${this.#path}.index`);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      throw error;
    }
  }

  async #read(key: string): Promise<[Head, StepState]> {
    await using file = await open(`${this.#path}.index`);
    const start = magic.length + 1;
    const bytes = Buffer.alloc(mostOfHead);
    const { bytesRead } = await file.read(bytes, 0, mostOfHead, 0);
    const end = bytes.subarray(0, bytesRead).indexOf('\n', start);
    if (bytes.toString('latin1', 0, start) !== `${magic}\n`) throw new Error('something else');
    const head = parseJson(bytes.subarray(start, end), 'its head') as Head;
    if (head.key !== key) throw new Error('other rows');
    const arrays = names.map((name) => new Float32Array(name === 'mean' ? this.#config.dim : head.rows));
    let [at, sum] = [end + 1, 0];
    for (const array of arrays) {
      await readAt(file, bytesOf(array), at);
      sum = crc32(bytesOf(array), sum);
      at += array.byteLength;
    }
    if (sum !== head.sum || at !== (await file.stat()).size) throw new Error('damaged');
    const [mean, stepWeights, meanWeights, errors, queryErrors] = arrays as [Floats, Floats, Floats, Floats, Floats];
    return [head, { mean, stepWeights, meanWeights, errors, queryErrors }];
  }
}

/** What the note of an engine says of an index that could not be written. */
export function notKept(store: string, cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  return `${store}: the index is not kept, and made anew by the next to open it: ${why}`;
}

/** Checksum of the first bytes of a file. */
async function sumOf(file: StepsFile, bytes: number): Promise<number> {
  const room = new Uint8Array(Math.min(bytes, bytesPerTurn));
  let sum = 0;
  for (let at = 0; at < bytes; at += room.length) {
    const some = room.subarray(0, Math.min(room.length, bytes - at));
    file.read(at, some);
    sum = crc32(some, sum);
    await turn();
  }
  return sum;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
