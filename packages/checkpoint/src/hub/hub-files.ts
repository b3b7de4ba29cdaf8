import { EmbeddingError } from '@diptych/core';
import type { ByteSource } from '../byte-source.ts';
import type { ModelFiles } from '../model-files.ts';
import { isRelativePath } from '../relative-path.ts';
import type { HubCache, HubProgress } from './hub-cache.ts';
import { hubDownload } from './hub-download.ts';
import { listFiles, type HubListing } from './hub-listing.ts';
import { checkRepo, isCommit, repoId, type HubRepo } from './hub-repo.ts';

/** A model of a hub. */
export interface HubFiles extends ModelFiles {
  /** Every file of the revision; the hub is asked once. */
  list(signal?: AbortSignal): Promise<HubListing>;
}

export interface HubOptions {
  /** Branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** Default `https://huggingface.co`. */
  readonly endpoint?: string;
  /** Sent to the endpoint, and dropped where it redirects to another host. */
  readonly token?: string | undefined;
  /** Read only what is in the cache. Default `false`. */
  readonly offline?: boolean;
  /** Instead of the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Called after each part that arrived. */
  readonly onProgress?: (progress: HubProgress) => void;
}

/** The files of a model on a hub, downloaded into `cache` when opened. */
export function hubFiles(name: string, cache: HubCache, options: HubOptions = {}): HubFiles {
  const { revision = 'main', endpoint = 'https://huggingface.co', token, offline = false } = options;
  const repo = checkRepo({ name, revision, endpoint, token, fetch: options.fetch ?? globalThis.fetch });
  const id = repoId(repo);
  let listing: HubListing | undefined;
  const list = async (signal?: AbortSignal): Promise<HubListing> => {
    if (offline) throw new EmbeddingError('NETWORK', `${id}: expected the hub to be asked, but offline mode is on`);
    return (listing ??= await listFiles(repo, signal));
  };
  return {
    id,
    list,
    async open(path, signal) {
      signal?.throwIfAborted();
      if (!isRelativePath(path)) {
        throw new EmbeddingError('INPUT_INVALID', `${id}: expected a path inside, got '${path}'`);
      }
      if (offline) return openKept(repo, cache, path);
      const pinned = isCommit(revision) ? await cache.find(repo, revision, { path }) : undefined;
      if (pinned) return pinned;
      const listed = await listOrKept(repo, cache, list(signal));
      if ('error' in listed) return (await cache.find(repo, listed.commit, { path })) ?? raise(listed.error);
      const file = listed.files.get(path);
      if (!file) return undefined;
      const kept = await cache.find(repo, listed.commit, file);
      if (kept) return kept;
      const download = hubDownload(repo, listed.commit, file, signal);
      return cache.add(repo, listed.commit, download, { signal, onProgress: options.onProgress });
    },
  };
}

async function openKept(repo: HubRepo, cache: HubCache, path: string): Promise<ByteSource | undefined> {
  const commit = isCommit(repo.revision) ? repo.revision : await cache.commitOf(repo);
  if (commit === undefined) {
    const problem = 'expected it in the cache, found nothing, and offline mode is on';
    throw new EmbeddingError('NOT_FOUND', `${repoId(repo)}: ${problem}`);
  }
  return cache.find(repo, commit, { path });
}

interface Unlisted {
  /** Last seen one of the revision. */
  readonly commit: string;
  readonly error: EmbeddingError;
}

/** What the hub lists or, where it cannot be reached, the commit that is in the cache. */
async function listOrKept(
  repo: HubRepo,
  cache: HubCache,
  listing: Promise<HubListing>,
): Promise<HubListing | Unlisted> {
  try {
    return await listing;
  } catch (error) {
    const unreachable = error instanceof EmbeddingError && error.code === 'NETWORK';
    const commit = unreachable ? await cache.commitOf(repo) : undefined;
    if (!unreachable || commit === undefined) throw error;
    return { commit, error };
  }
}

function raise(error: Error): never {
  throw error;
}
