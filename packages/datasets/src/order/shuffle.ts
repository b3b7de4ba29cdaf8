import { expectItems, expectList, expectMembers } from '@diptych/core';
import { randomIntegers } from './random.ts';

export interface ShuffleOptions {
  readonly seed: number;
  /** Each has its own order. Default 0. */
  readonly epoch?: number;
}

/** The numbers below `length` in a random order, as Fisher and Yates shuffle. */
export function permutation(length: number, options: ShuffleOptions): Uint32Array {
  const { seed, epoch = 0 } = expectMembers(options, 'permutation: options');
  const below = randomIntegers([seed, epoch]);
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) swap(order, i, below(i + 1));
  return order;
}

function swap(order: Uint32Array, i: number, j: number): void {
  [order[i], order[j]] = [order[j]!, order[i]!];
}

/** All items in the order of `permutation`. */
export function shuffled<T>(items: readonly T[], options: ShuffleOptions): T[] {
  expectList(items, 'shuffled: items');
  return Array.from(permutation(items.length, options), (i) => items[i]!);
}

export interface ShuffleStreamOptions extends ShuffleOptions {
  /** Items held, at least 1. The order is as random as this is large. Default 1000. */
  readonly buffer?: number;
}

/** A stream in a random order, as far as a buffer allows: each item leaves from a random place in it. */
export async function* shuffleStream<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: ShuffleStreamOptions,
): AsyncGenerator<T> {
  expectItems(items, 'shuffleStream: items');
  const { buffer = 1000 } = expectMembers(options, 'shuffleStream: options');
  const below = randomIntegers([options.seed, options.epoch ?? 0, 'stream']);
  const held: T[] = [];
  for await (const item of items) {
    if (held.length < buffer) {
      held.push(item);
      continue;
    }
    const place = below(held.length);
    const leaving = held[place]!;
    held[place] = item;
    yield leaving;
  }
  yield* shuffled(held, options);
}
