import { basename, dirname } from 'node:path';
import { moments, type Rows } from '@diptych/alignment';
import { EmbeddingError } from '@diptych/core';
import { type NpyRows, openNpy } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import type { CaptionedPairsOptions } from '../align/captioned-pairs.ts';
import type { PairSource } from '../align/pair-source.ts';

export interface FilePairsOptions extends Pick<CaptionedPairsOptions, 'algebra' | 'signal'> {
  /** Last rows that are kept for the test. */
  readonly holdOut: number;
}

/** Row `i` of one `.npy` file with row `i` of the other. */
export async function filePairs(
  paths: readonly [x: string, y: string],
  { holdOut, algebra, signal }: FilePairsOptions,
): Promise<PairSource> {
  const [a, b] = await Promise.all(paths.map(async (path) => openRows(path, signal)));
  const [n, other] = [a!.shape[0], b!.shape[0]];
  if (n !== other)
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'align',
      expected: 'as many rows of x as of y',
      got: `${n} and ${other}`,
    });
  if (holdOut >= n)
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'align: holdOut',
      expected: `less than all ${n} rows`,
      got: holdOut,
    });
  const read = async (begin: number, end: number) =>
    [await rowsOf(a!, [begin, end], signal), await rowsOf(b!, [begin, end], signal)] as const;
  const test = async () => {
    const [x, y] = await read(n - holdOut, n);
    return { x, y, imageOf: Int32Array.from({ length: holdOut }, (_, i) => i) };
  };
  const momentsOf = async (begin: number, end: number) => moments(...(await read(begin, end)), { algebra, signal });
  return { pairs: n - holdOut, moments: momentsOf, ...(holdOut > 0 && { test }) };
}

async function openRows(path: string, signal?: AbortSignal): Promise<NpyRows> {
  return openNpy(directory(dirname(path)), basename(path), signal);
}

async function rowsOf(file: NpyRows, [begin, end]: readonly [number, number], signal?: AbortSignal): Promise<Rows> {
  return { data: await file.read(begin, end, signal), shape: [end - begin, file.shape[1]] };
}
