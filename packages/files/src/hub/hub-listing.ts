import { arriving, bytesOfBody, EmbeddingError, type JsonKind, parseJson, quote } from '@diptych/core';
import { isRelativePath } from '../relative-path.ts';
import { isCommit, type HubRepo } from './hub-repo.ts';
import { ask, hostIn, refused } from './hub-request.ts';

/** One file as the hub lists it. */
export interface HubFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** `sha256` of the content for large files, and git's hash of it, a sha1, for the others. */
  readonly algorithm: 'sha256' | 'git-sha1';
  /** In hexadecimal; also the entity tag, and so the name in a cache. */
  readonly hash: string;
}

/** The files of a model at one commit, by path. */
export interface HubListing {
  readonly commit: string;
  readonly files: ReadonlyMap<string, HubFile>;
}

/**
 * Asks the hub for the files of a revision.
 *
 * @throws {EmbeddingError} `NOT_FOUND` for a model or revision that does not exist or may not be read; `NETWORK`.
 */
export async function listFiles(repo: HubRepo, signal?: AbortSignal): Promise<HubListing> {
  const path = `api/models/${repo.name}/revision/${encodeURIComponent(repo.revision)}?blobs=true`;
  const response = await ask(repo, path, { signal });
  if (response.status !== 200) throw await refused(repo, 'a list of files', response);
  const told = (await arriving(hostIn(repo), jsonOf(repo, response, signal), signal)) as {
    sha?: unknown;
    siblings?: unknown;
  } | null;
  const { sha, siblings } = told ?? {};
  if (typeof sha !== 'string' || !isCommit(sha) || !Array.isArray(siblings)) {
    throw unexpected(repo, 'sha and siblings', `${quote(sha)} and ${typeof siblings}`);
  }
  const files = siblings.map((sibling: unknown) => parseFile(repo, sibling));
  return { commit: sha, files: new Map(files.map((file) => [file.path, file])) };
}

/** Of 100,000 files, each with ten values. */
const listingJson: JsonKind = { code: 'NETWORK', maxBytes: 2 ** 25, maxValues: 2 ** 20 };

async function jsonOf(repo: HubRepo, response: Response, signal?: AbortSignal): Promise<unknown> {
  const bytes = await bytesOfBody(response, { ...repo.patience, limit: listingJson.maxBytes, signal });
  return parseJson(bytes, hostIn(repo), listingJson);
}

interface Sibling {
  readonly rfilename?: unknown;
  readonly size?: unknown;
  readonly blobId?: unknown;
  readonly lfs?: { readonly sha256?: unknown } | null;
}

function parseFile(repo: HubRepo, sibling: unknown): HubFile {
  const { rfilename: path, size, blobId, lfs } = (sibling ?? {}) as Sibling;
  const algorithm = lfs ? 'sha256' : 'git-sha1';
  const hash = lfs ? lfs.sha256 : blobId;
  const digits = lfs ? 64 : 40;
  const named = typeof path === 'string' && isRelativePath(path);
  const sized = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  const hashed = typeof hash === 'string' && hash.length === digits && /^[0-9a-f]+$/.test(hash);
  if (!named || !sized || !hashed) throw unexpected(repo, 'a path, size and hash', quote(sibling));
  return { path, size, algorithm, hash };
}

function unexpected(repo: HubRepo, expected: string, got: string): EmbeddingError {
  return new EmbeddingError('NETWORK', { where: hostIn(repo), expected, got });
}
