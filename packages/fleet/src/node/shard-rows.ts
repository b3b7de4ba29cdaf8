import { EmbeddingError, type Precision } from '@diptych/core';
import type { EmbeddingSpace } from 'diptych';
import type { NamedRows, SkippedItem } from './job.ts';
import type { ShardItem } from './shard-items.ts';

export interface RowsOptions {
  readonly precision: Precision;
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The rows of a shard block by block, what was left out, and the names of all its items, which grow as it goes on. */
export interface ShardRows {
  readonly blocks: AsyncIterable<NamedRows>;
  readonly names: readonly string[];
  readonly skipped: readonly SkippedItem[];
}

/** Embeds items; one that cannot be read is left out, and said. */
export function shardRows(
  space: Pick<EmbeddingSpace, 'stream'>,
  items: AsyncIterable<ShardItem>,
  { precision, batchSize, signal }: RowsOptions,
): ShardRows {
  const names: string[] = [];
  const skipped = new Map<number, SkippedItem>();
  /** Places of what the space was given. */
  const given: number[] = [];
  const skip = (place: number, error: unknown) => {
    if (!(error instanceof EmbeddingError)) throw error;
    skipped.set(place, { place, name: names[place]!, problem: `${error.code}: ${error.message}` });
  };
  const images = async function* () {
    for await (const { name, read } of items) {
      const place = names.push(name) - 1;
      try {
        const image = await read();
        given.push(place);
        yield image;
      } catch (error) {
        skip(place, error);
      }
    }
  };
  const blocks = async function* (): AsyncGenerator<NamedRows> {
    const onSkip = (problem: EmbeddingError, at: number) => skip(given[at]!, problem);
    let next = 0;
    for await (const rows of space.stream('image', images(), { precision, batchSize, signal, onSkip })) {
      const block: string[] = [];
      while (block.length < rows.shape[0]) {
        const place = given[next++]!;
        if (!skipped.has(place)) block.push(names[place]!);
      }
      yield { names: block, rows };
    }
  };
  return {
    blocks: blocks(),
    names,
    get skipped() {
      return [...skipped.values()].toSorted((a, b) => a.place - b.place);
    },
  };
}
