import { checkSignal, EmbeddingError, expectMembers, type Patience } from '@diptych/core';
import type { ByteSource } from '../byte-source.ts';
import type { Files } from '../files.ts';
import { relativePath } from '../relative-path.ts';
import type { HubCache, HubProgress } from './hub-cache.ts';
import { hubDownload } from './hub-download.ts';
import { listFiles, type HubFile, type HubListing } from './hub-listing.ts';
import { peekAt } from './hub-peek.ts';
import { checkRepo, isCommit, repoId } from './hub-repo.ts';
import { keptCommit, keptInstead, openKept, openKnown, type KeptCommit } from './kept-files.ts';

/** A model of a hub. */
export interface HubFiles extends Files {
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
  /** How long the hub may take. */
  readonly patience?: Patience | undefined;
  /** Called after each part that arrived. */
  readonly onProgress?: (progress: HubProgress) => void;
}

/** The files of a model on a hub, downloaded into `cache` when opened. */
export function hubFiles(name: string, cache: HubCache, options: HubOptions = {}): HubFiles {
  expectMembers(options, 'hub: options');
  const { revision = 'main', endpoint = 'https://huggingface.co', token, offline = false, patience } = options;
  const repo = checkRepo({ name, revision, endpoint, token, fetch: options.fetch ?? globalThis.fetch, patience });
  const id = repoId(repo);
  let listing: HubListing | undefined;
  const list = async (signal?: AbortSignal): Promise<HubListing> => {
    if (offline)
      throw new EmbeddingError('NETWORK', { where: id, expected: 'the hub to be asked', got: 'offline mode' });
    return (listing ??= await listFiles(repo, signal));
  };
  let kept: KeptCommit | undefined;
  const listed = async (signal?: AbortSignal): Promise<HubListing | KeptCommit> =>
    kept ?? list(signal).catch(async (error: unknown) => (kept = await keptInstead(repo, cache, error)));
  const find = async (path: string, signal?: AbortSignal): Promise<ByteSource | Listed | undefined> => {
    checkSignal(signal);
    relativePath(path, id);
    const pinned = isCommit(revision) ? await openKnown(repo, cache, { commit: revision, path }) : undefined;
    if (pinned) return pinned === 'absent' ? undefined : pinned;
    if (offline) return openKept(repo, cache, { commit: await keptCommit(repo, cache), path });
    const found = await listed(signal);
    if ('error' in found) return openKept(repo, cache, { ...found, path });
    const file = found.files.get(path);
    if (!file) {
      await cache.setAbsent(repo, found.commit, path);
      return undefined;
    }
    const there = await cache.find(repo, found.commit, file);
    return there ? seen(there, found.commit) : { commit: found.commit, file };
  };
  const add = async ({ commit, file }: Listed, signal?: AbortSignal): Promise<ByteSource> => {
    const download = hubDownload(repo, commit, file, signal);
    return seen(await cache.add(repo, commit, download, { signal, onProgress: options.onProgress, patience }), commit);
  };
  const seen = async (source: ByteSource, commit: string): Promise<ByteSource> => {
    if (!isCommit(revision)) await cache.setCommit(repo, commit);
    return source;
  };
  return {
    id,
    list,
    async open(path, signal) {
      const found = await find(path, signal);
      return found && 'file' in found ? add(found, signal) : found;
    },
    async has(path, signal) {
      return (await find(path, signal)) !== undefined;
    },
    async peek(path, signal) {
      const found = await find(path, signal);
      if (!found || !('file' in found)) return found;
      return (await peekAt(repo, found.commit, found.file, signal)) ?? add(found, signal);
    },
    async paths(signal) {
      if (offline) return cache.paths(repo, await keptCommit(repo, cache));
      const found = await listed(signal);
      return 'error' in found ? cache.paths(repo, found.commit) : [...found.files.keys()];
    },
  };
}

/** A file that the hub lists and the cache does not have. */
interface Listed {
  readonly commit: string;
  readonly file: HubFile;
}
