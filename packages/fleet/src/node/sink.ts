import type { NamedRows, Shard, ShardReport } from './job.ts';

/** What is known of a shard once its rows are all there. */
export type Finished = Omit<ShardReport, 'files' | 'version' | 'rows'>;

/** Of sinks that ask a server. */
export interface SinkOptions {
  /** Ends whatever waits. */
  readonly signal?: AbortSignal | undefined;
  /** Told once when the server does not answer, and once when it does again. */
  readonly onNote?: ((line: string) => void) | undefined;
}

/** Where the rows of shards go, each shard whole or not at all, and once however often it is put. */
export interface Sink {
  /** The report of a shard whose rows are there. */
  find(shard: number): Promise<ShardReport | undefined>;
  /**
   * @param finished Called when all rows were taken.
   * @returns The report of the rows that are there: of an earlier call, where one was first.
   */
  put(shard: Shard, rows: AsyncIterable<NamedRows>, finished: () => Finished): Promise<ShardReport>;
  /** What is wrong with the rows of a shard, and the names that they have in order. */
  check(report: ShardReport): Promise<{ readonly names: readonly string[]; readonly problems: readonly string[] }>;
  /** What is there besides the shards of a job. */
  others(shards: number): Promise<readonly string[]>;
}
