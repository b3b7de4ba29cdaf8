import { EmbeddingError, type Embeddings, parseJsonObject, type Precision } from '@diptych/core';
import type { EmbeddingSpace } from 'diptych';

/** A model, so that two machines can tell whether theirs is the same. */
export interface ModelIdentity {
  readonly id: string;
  readonly architecture: string;
  readonly dim: number;
  /** What weights are multiplied in. */
  readonly dtype: EmbeddingSpace['dtype'];
  /** SHA-256 of all files that the model was opened from: weights, tokenizer, preprocessing. */
  readonly files: string;
  /** Of the code that preprocesses. */
  readonly version: string;
}

/** Where the items are. */
export interface FleetData {
  /** Paths and URLs of images, or archives with the images within. */
  readonly kind: 'images' | 'parquet' | 'webdataset';
  /** Folder that paths start at; workers may have it elsewhere. */
  readonly root: string;
}

/** What all workers of a job have in common. */
export interface JobPlan {
  readonly data: FleetData;
  readonly model: ModelIdentity;
  /** Of the rows. */
  readonly precision: Precision;
}

/** The plan of a job as it is kept, and how much there is of it once all of it is submitted. */
export interface Manifest extends JobPlan {
  readonly version: 1;
  readonly shards?: number;
  readonly items?: number;
}

/** Some items in a row, the work of one message. */
export interface Shard {
  /** Counted from 0. */
  readonly shard: number;
  readonly items: number;
  /** SHA-256 of their names in order. */
  readonly names: string;
  /** Paths or URLs of images. */
  readonly images?: readonly string[];
  /** An archive, and the place of the first item in it. */
  readonly archive?: string;
  readonly begin?: number;
}

/** An item that could not be embedded. */
export interface SkippedItem {
  /** Within its shard. */
  readonly place: number;
  readonly name: string;
  /** Code and message. */
  readonly problem: string;
}

/** What came of a shard. */
export interface ShardReport {
  readonly version: 1;
  readonly job: string;
  /** SHA-256 of model and precision. */
  readonly plan: string;
  readonly shard: number;
  readonly items: number;
  /** Of the shard. */
  readonly names: string;
  readonly rows: number;
  /** All of them; the first ten where the report is a message. */
  readonly skipped: readonly SkippedItem[];
  /** Names of files by what they hold, and their SHA-256. */
  readonly files: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
  readonly worker: string;
  /** How often the shard was handed out until now: 1 where nothing went wrong. */
  readonly deliveries: number;
  /** In milliseconds since 1970. */
  readonly begun: number;
  readonly ended: number;
}

/** A shard that was given up. */
export interface DeadShard {
  readonly version: 1;
  readonly shard: number;
  readonly items: number;
  readonly reason: string;
  readonly worker: string;
  readonly deliveries: number;
}

/** Rows, and the names of their items. */
export interface NamedRows {
  readonly names: readonly string[];
  readonly rows: Embeddings<Precision>;
}

/**
 * What a message or file of a job says.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is none, or of another version.
 */
export function read<T extends { readonly version?: 1 }>(
  bytes: Uint8Array,
  where: string,
  members: readonly (keyof T & string)[],
): T {
  const value = parseJsonObject(bytes, where, { code: 'INPUT_INVALID', maxBytes: 2 ** 26, maxValues: 2 ** 22 });
  const missing = members.filter((name) => !(name in value));
  if (missing.length === 0) return value as T;
  const expected = `a job of this version, with ${members.join(', ')}`;
  throw new EmbeddingError('INPUT_INVALID', { where, expected, got: `no ${missing.join(', ')}` });
}

export const manifestMembers = ['version', 'data', 'model', 'precision'] as const;
export const shardMembers = ['shard', 'items', 'names'] as const;
export const reportMembers = ['version', 'job', 'plan', 'names', 'shard', 'items', 'rows', 'skipped', 'files'] as const;
export const deadMembers = ['version', 'shard', 'reason'] as const;
