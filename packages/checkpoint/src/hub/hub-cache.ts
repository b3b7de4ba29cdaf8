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
}

/** Keeps files of the hub. */
export interface HubCache {
  /** The commit that a revision had when a file of it was last kept. */
  commitOf(repo: HubRepo): Promise<string | undefined>;
  /** A file that is kept whole; of `size` bytes, where that is given. */
  find(
    repo: HubRepo,
    commit: string,
    file: { readonly path: string; readonly size?: number },
  ): Promise<ByteSource | undefined>;
  /** Downloads a file, verifies its hash, and only then keeps it. */
  add(repo: HubRepo, commit: string, download: HubDownload, options: HubCacheOptions): Promise<ByteSource>;
}
