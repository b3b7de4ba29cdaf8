import { EmbeddingError, type Patience } from '@diptych/core';
import { encodePath, isRelativePath } from '../relative-path.ts';

/** One revision of one model on a hub, and how to ask for it. */
export interface HubRepo {
  /** `org/name`, or `name` alone for the oldest models. */
  readonly name: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Origin and path of the hub, without a slash at the end. */
  readonly endpoint: string;
  /** Sent to the endpoint alone. */
  readonly token: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly patience?: Patience | undefined;
}

/** Checks what becomes part of URLs, paths and headers. */
export function checkRepo(repo: HubRepo): HubRepo {
  const { name, revision, endpoint, token } = repo;
  // The rules of the hub itself. Its caches turn the slash into `--`.
  if (!/^(?!.*(--|\.\.))\w[\w.-]{0,95}(\/\w[\w.-]{0,95})?$/.test(name)) {
    throw new EmbeddingError('INPUT_INVALID', { where: 'hub', expected: "a model as 'org/name'", got: `'${name}'` });
  }
  if (!isRelativePath(revision)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: name,
      expected: 'a branch, tag or commit',
      got: `'${revision}'`,
    });
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: name,
      expected: 'a token of visible ASCII characters',
      got: 'another',
    });
  }
  return { ...repo, endpoint: endpoint.replace(/\/+$/, '') };
}

/** What errors and embeddings call the model. */
export function repoId({ name, revision }: HubRepo): string {
  return revision === 'main' ? name : `${name}@${revision}`;
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** Where a file of a commit is, below the endpoint. */
export function resolvePath({ name }: HubRepo, commit: string, path: string): string {
  return `${name}/resolve/${commit}/${encodePath(path)}`;
}
