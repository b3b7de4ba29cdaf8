import type { SearchKernel } from '@diptych/core';
import type { KeptIndexOptions } from '../kept/kept-index.ts';
import type { DamagedPart } from '../../store.ts';
import type { LiveRows } from './live-rows.ts';
import type { Lock } from './lock.ts';
import type { LogDigest } from './log-digest.ts';
import type { LogFile } from './log-file.ts';

/** A log that was read, and what it takes to write on. */
export interface OpenedLog {
  readonly path: string;
  readonly file: LogFile;
  readonly live: LiveRows;
  readonly end: number;
  readonly version: 1 | 2;
  /** Of all up to the end. */
  readonly digest: LogDigest;
  readonly droppedBytes: number;
  /** What is not among the rows. */
  readonly damaged: DamagedPart[];
  /** Absent where nothing can be written. */
  readonly lock?: Lock | undefined;
  /** Keeps bytes that are in the log and cannot be read, before the log goes. */
  keepDamaged(): Promise<void>;
}

export interface FileStorageOptions extends KeptIndexOptions {
  readonly kernel?: SearchKernel<'int8'> | undefined;
}
