import { randomUUID } from 'node:crypto';
import { fstatSync, openSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { parseJson, type Precision, type SearchKernel, turn } from '@diptych/core';
import { openFile, writeAt } from '@diptych/core/node';
import { bytesOf } from '../../store/array-bytes.ts';
import { StepIndex, type StepState } from '../../store/step-index.ts';
import type { StepsFile } from '../../store/steps-file.ts';
import type { StoreConfig } from '../../store.ts';
import { readAt } from '../file-store/positions.ts';
import { SharedSteps } from './shared-steps.ts';
import { StepsOnDisk } from './steps-on-disk.ts';

export interface KeptIndexOptions {
  /** Of fewer rows an index is made as soon as it is read. */
  readonly fewest?: number | undefined;
  /** Bytes of steps; more are read from the file in each search. */
  readonly mostInMemory?: number | undefined;
  /** Whether several processes may have it open: none writes to its files, each that keeps an index puts others in their place. */
  readonly isShared?: boolean | undefined;
}

/** What was kept. */
export interface Kept {
  readonly index: StepIndex;
  /** As it was given. */
  readonly rows: readonly Uint8Array[];
}

interface Head {
  /** Of what it is: a text that no other rows have. */
  readonly key: string;
  readonly rows: number;
  /** Bytes of the steps of a row. */
  readonly width: number;
  readonly sum: number;
  readonly stepsSum: number;
  /** Bytes of each part of what the store knows of its rows. */
  readonly parts: readonly number[];
}

type Floats = Float32Array<ArrayBuffer>;

const magic = 'diptych index 2';
const names = ['mean', 'stepWeights', 'meanWeights', 'errors', 'queryErrors'] as const;
const bytesPerTurn = 2 ** 20;
const mostOfHead = 2 ** 16;

/**
 * An index beside its rows, in two files: `.steps`, in which a search reads what is not in memory, and `.index`, which has all
 * else and is written when the store is closed, after the steps. It says of which rows it is and has checksums of both files: whatever does
 * not hold, the index is made anew.
 */
export class KeptIndex {
  readonly #path: string;
  readonly #config: Required<StoreConfig>;
  readonly #kernel: SearchKernel<'int8'>;
  readonly #fewest: number;
  readonly #mostInMemory: number;
  readonly #isShared: boolean;
  #key: string | undefined;

  /** @param path Of both files, less their endings. */
  constructor(
    path: string,
    config: Required<StoreConfig>,
    kernel: SearchKernel<'int8'>,
    { fewest = 2 ** 14, mostInMemory = 2 ** 26, isShared = false }: KeptIndexOptions = {},
  ) {
    this.#path = path;
    this.#config = config;
    this.#kernel = kernel;
    this.#fewest = fewest;
    this.#mostInMemory = mostInMemory;
    this.#isShared = isShared;
  }

  /** For an index that is made anew. */
  newFile(): StepsFile {
    if (!this.#isShared && !isOfSigns(this.#config.precision))
      return new StepsOnDisk(`${this.#path}.steps`, this.#mostInMemory);
    return new StepsOnDisk(`${this.#path}-${randomUUID()}.steps`, this.#mostInMemory, { isNameless: true });
  }

  isWorthIt(rows: number): boolean {
    return rows >= this.#fewest && !isOfSigns(this.#config.precision);
  }

  /** `undefined` where there is none, it is of other rows, or damaged. */
  async open(key: string): Promise<Kept | undefined> {
    const { dim, precision } = this.#config;
    if (isOfSigns(precision)) return undefined;
    let file: StepsFile | undefined;
    try {
      const [head, state, rows] = await this.#read(key);
      file = await this.#openSteps();
      if ((await sumOf(piecesOf(file, head.rows * head.width))) !== head.stepsSum) throw new Error('other steps');
      const empty = new StepIndex(dim, precision, this.#kernel, state.mean);
      if (empty.stepBytes !== head.width) throw new Error('another layout');
      const index = new StepIndex(dim, precision, this.#kernel, state.mean, { file, state });
      this.#key = key;
      return { index, rows };
    } catch {
      file?.close();
      return undefined;
    }
  }

  async #openSteps(): Promise<StepsFile> {
    const path = `${this.#path}.steps`;
    await (await openFile(path)).file.close(); // A pipe would wait for somebody who writes to it.
    const steps = openSync(path, this.#isShared ? 'r' : 'r+');
    const there = { file: steps, size: fstatSync(steps).size };
    const file = new StepsOnDisk(path, this.#mostInMemory, { there });
    return this.#isShared ? new SharedSteps(file, this.newFile()) : file;
  }

  /**
   * @param rows What else is to be known when it is opened.
   * @throws {Error} What cannot be written is not kept, and says why: it can be made anew.
   */
  async save(index: StepIndex, key: string, rows: readonly Uint8Array[] = []): Promise<void> {
    if (key === this.#key) return;
    const { state, file } = index.keep();
    const stepBytes = index.length * index.stepBytes!;
    const steps = piecesOf(file, stepBytes);
    const stepsSum = this.#isShared ? await this.#replace('.steps', steps) : await sumOf(steps);
    const arrays = [...names.map((name) => bytesOf(state[name])), ...rows];
    const head: Head = {
      key,
      rows: index.length,
      width: index.stepBytes!,
      sum: arrays.reduce(added, 0),
      stepsSum,
      parts: rows.map(({ length }) => length),
    };
    await this.#replace('.index', [Buffer.from(`${magic}\n${JSON.stringify(head)}\n`), ...arrays]);
  }

  /** Writes a file whole, or leaves what was there; its checksum. */
  async #replace(ending: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
    const partial = `${this.#path}${this.#isShared ? `-${randomUUID()}` : ''}${ending}.partial`;
    let [end, sum] = [0, 0];
    try {
      await rm(partial, { force: true }); // A link that somebody put there is not followed.
      const out = await open(partial, 'wx');
      try {
        for await (const bytes of pieces) {
          await writeAt(out, bytes, end);
          sum = added(sum, bytes);
          end += bytes.length;
        }
      } finally {
        await out.close();
      }
      await rename(partial, `${this.#path}${ending}`);
      return sum;
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      throw error;
    }
  }

  async #read(key: string): Promise<[Head, StepState, Uint8Array[]]> {
    const { file, size } = await openFile(`${this.#path}.index`);
    await using _ = file;
    const start = magic.length + 1;
    const bytes = Buffer.alloc(mostOfHead);
    const { bytesRead } = await file.read(bytes, 0, mostOfHead, 0);
    const end = bytes.subarray(0, bytesRead).indexOf('\n', start);
    if (bytes.toString('latin1', 0, start) !== `${magic}\n`) throw new Error('something else');
    const head = parseJson(bytes.subarray(start, end), 'its head') as Head;
    if (head.key !== key) throw new Error('other rows');
    const lengths = names.map((name) => (name === 'mean' ? this.#config.dim : head.rows));
    const told = [...lengths.map((length) => 4 * length), ...head.parts];
    if (told.reduce((sum, length) => sum + length, end + 1) !== size) throw new Error('damaged');
    const arrays = lengths.map((length) => new Float32Array(length));
    const all = [...arrays.map(bytesOf), ...head.parts.map((length) => new Uint8Array(length))];
    let [at, sum] = [end + 1, 0];
    for (const part of all) {
      await readAt(file, part, at);
      sum = added(sum, part);
      at += part.length;
    }
    if (sum !== head.sum) throw new Error('damaged');
    const [mean, stepWeights, meanWeights, errors, queryErrors] = arrays as [Floats, Floats, Floats, Floats, Floats];
    return [head, { mean, stepWeights, meanWeights, errors, queryErrors }, all.slice(arrays.length)];
  }
}

/** Which are as they are stored, and nothing that had to be made. */
function isOfSigns(precision: Precision): precision is 'binary' | 'ubinary' {
  return precision === 'binary' || precision === 'ubinary';
}

/** What the note of an engine says of an index that could not be written. */
export function notKept(store: string, cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  return `${store}: the index is not kept, and made anew by the next to open it: ${why}`;
}

/** The checksum of what came before and of some bytes: of none, zlib may begin anew. */
function added(sum: number, bytes: Uint8Array): number {
  return bytes.length > 0 ? crc32(bytes, sum) : sum;
}

async function sumOf(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let sum = 0;
  for await (const piece of pieces) sum = added(sum, piece);
  return sum;
}

/** The first bytes of a file, each piece until the next. */
async function* piecesOf(file: StepsFile, bytes: number): AsyncGenerator<Uint8Array> {
  const room = new Uint8Array(Math.min(bytes, bytesPerTurn));
  for (let at = 0; at < bytes; at += room.length) {
    const some = room.subarray(0, Math.min(room.length, bytes - at));
    file.read(at, some);
    yield some;
    await turn();
  }
}
