import { EmbeddingError } from '@diptych/core';
import type { ByteSource } from '../byte-source.ts';
import type { HubCache } from './hub-cache.ts';
import { isCommit, repoId, type HubRepo } from './hub-repo.ts';
import type { Refusal } from './hub-request.ts';

/** What is used instead of what the hub has. */
export interface KeptCommit {
  /** The one that the revision had last. */
  readonly commit: string;
  /** Why the hub was not asked, or what it answered. */
  readonly error: EmbeddingError;
}

/** A file of one commit. */
interface Wanted {
  readonly commit: string;
  readonly path: string;
  readonly error?: EmbeddingError;
}

/** A file that is kept or known to be absent; `undefined` where neither is known. */
export async function openKnown(
  repo: HubRepo,
  cache: HubCache,
  { commit, path }: Wanted,
): Promise<ByteSource | 'absent' | undefined> {
  const found = await cache.find(repo, commit, { path });
  return found ?? ((await cache.isAbsent(repo, commit, path)) ? 'absent' : undefined);
}

/**
 * A file that is kept, `undefined` where there is none.
 *
 * What nobody asked for yet is taken for absent. With an `error` it throws that where the weights are not kept either:
 * then nobody has opened the model to the end, and what it lacks was perhaps on its way.
 */
export async function openKept(repo: HubRepo, cache: HubCache, wanted: Wanted): Promise<ByteSource | undefined> {
  const known = await openKnown(repo, cache, wanted);
  if (known) return known === 'absent' ? undefined : known;
  if (!wanted.error || (await cache.paths(repo, wanted.commit)).some(isWeights)) return undefined;
  throw wanted.error;
}

function isWeights(path: string): boolean {
  return /\.(safetensors|bin|pt)$/.test(path);
}

/**
 * The commit that is kept of a revision.
 *
 * @throws {EmbeddingError} `NOT_FOUND` where nothing is kept of it.
 */
export async function keptCommit(repo: HubRepo, cache: HubCache): Promise<string> {
  const commit = isCommit(repo.revision) ? repo.revision : await cache.commitOf(repo);
  if (commit !== undefined && (await cache.paths(repo, commit)).length > 0) return commit;
  throw new EmbeddingError('NOT_FOUND', {
    where: repoId(repo),
    expected: 'it in the cache',
    got: 'nothing, and offline mode is on',
  });
}

/**
 * What is kept, where the hub cannot be asked, fails, or does not let this user see the model (any more).
 *
 * @throws The hub's own error where nothing is kept, and for a revision that it says it does not have, as huggingface_hub
 *   does.
 */
export async function keptInstead(repo: HubRepo, cache: HubCache, error: unknown): Promise<KeptCommit> {
  if (!(error instanceof EmbeddingError) || isFinal(error)) throw error;
  const commit = isCommit(repo.revision) ? repo.revision : await cache.commitOf(repo);
  if (commit === undefined || (await cache.paths(repo, commit)).length === 0) throw error;
  return { commit, error };
}

/** Whether the hub knows the model, and that it has no such revision. */
function isFinal({ cause }: EmbeddingError): boolean {
  return ((cause ?? {}) as Partial<Refusal>).reason === 'RevisionNotFound';
}
