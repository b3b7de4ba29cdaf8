import { type EmbeddingError, usable } from '@diptych/core';
import type { ReadOptions, Tower } from './tower.ts';

/** Told of each item that cannot be read, with its place. */
export type OnSkip = (problem: EmbeddingError, index: number) => void;

/** A batch of items that are being read, all at once. */
export interface Reading {
  /** Of each item, in order; the items themselves where the tower reads nothing. */
  readonly reads: readonly unknown[];
  /** Resolves when what is left of it happens beside our thread. */
  readonly begun: Promise<unknown>;
}

export function beginReading(tower: Tower, items: readonly unknown[], options: ReadOptions): Reading {
  if (!tower.read) return { reads: items, begun: Promise.resolve() };
  const begun: Promise<unknown>[] = [];
  const reads = items.map((item) => {
    let begin = () => {};
    const has = new Promise<void>((resolve) => (begin = resolve));
    const read = (async () => tower.read!(item, { ...options, onBegun: begin }))();
    begun.push(Promise.race([has, read.catch(() => {})]));
    return read;
  });
  return { reads, begun: Promise.all(begun) };
}

/** What was read, in order, without what cannot be used where someone wants to hear of it. */
export async function usableReads(reads: readonly unknown[], onSkip?: OnSkip): Promise<readonly unknown[]> {
  if (!onSkip) return Promise.all(reads);
  const kept: unknown[] = [];
  for (const [i, read] of reads.entries()) {
    kept.push(...(await usable(Promise.resolve(read), (problem) => onSkip(problem, i))));
  }
  return kept;
}
