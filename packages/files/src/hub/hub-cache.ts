import type { Patience } from '@diptych/core';
import type { ByteSource } from '../byte-source.ts';
import type { HubDownload } from './hub-download.ts';
import type { HubRepo } from './hub-repo.ts';

/** Where a file is in a download, in bytes. */
export interface HubProgress {
  readonly path: string;
  /** Rises; begins with what an interrupted download left. */
  readonly done: number;
  readonly total: number;
}

export interface HubCacheOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: HubProgress) => void) | undefined;
  readonly patience: Patience | undefined;
}

/** Keeps files of the hub. What it only remembers, for want of a place to write it, it may forget. */
export interface HubCache {
  /** The commit that a revision had when a file of it was last kept or found. */
  commitOf(repo: HubRepo): Promise<string | undefined>;
  /** Remembers it. */
  setCommit(repo: HubRepo, commit: string): Promise<void>;
  /** A file that is kept whole; of `size` bytes, where that is given. */
  find(
    repo: HubRepo,
    commit: string,
    file: { readonly path: string; readonly size?: number },
  ): Promise<ByteSource | undefined>;
  /** Paths of all files that are kept of a commit. */
  paths(repo: HubRepo, commit: string): Promise<readonly string[]>;
  /** Whether a commit is known to have no such file. */
  isAbsent(repo: HubRepo, commit: string, path: string): Promise<boolean>;
  /** Remembers it. */
  setAbsent(repo: HubRepo, commit: string, path: string): Promise<void>;
  /** Downloads a file, verifies its hash, and only then keeps it. */
  add(repo: HubRepo, commit: string, download: HubDownload, options: HubCacheOptions): Promise<ByteSource>;
}
