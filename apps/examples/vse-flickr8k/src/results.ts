import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@diptych/core';
import { replaceFile } from '@diptych/files/node';
import type { CcaTrial } from './cca-run.ts';
import type { TrainingResult } from './training-run.ts';

/** What one run found; JSON. */
export interface RunResult {
  readonly method: string;
  readonly seed: number;
  /** Of the test part, from 0. */
  readonly ranks: { readonly textRetrieval: readonly number[]; readonly imageRetrieval: readonly number[] };
  /** Of a network. */
  readonly training?: Omit<TrainingResult, 'ranks'>;
  /** Of CCA: what was tried on the validation part. */
  readonly trials?: readonly CcaTrial[];
  /** Of the processor and of the clock, in seconds. */
  readonly seconds: { readonly processor: number; readonly clock: number };
  /** Most memory that the process had, in bytes. */
  readonly memory: number;
}

export interface RunName {
  readonly method: string;
  readonly seed: number;
}

/** What is there of an earlier call, or nothing. */
export async function readResult(folder: string, name: RunName): Promise<RunResult | undefined> {
  const path = pathOf(folder, name);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return bytes === undefined ? undefined : (parseJson(bytes, path) as RunResult);
}

/** All of it or nothing is there afterwards, whenever the process ends. */
export async function writeResult(folder: string, result: RunResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceFile(pathOf(folder, result), new TextEncoder().encode(JSON.stringify(result)));
}

function pathOf(folder: string, { method, seed }: RunName): string {
  const name = method.toLowerCase().replaceAll('+', 'p').replaceAll(' ', '-');
  return join(folder, `${name}-${seed}.json`);
}
