import { addressOf, arriving, ask as askInTime, EmbeddingError, type ErrorCode, withoutPasswords } from '@diptych/core';
import { repoId, type HubRepo } from './hub-repo.ts';

export interface HubRequest {
  readonly range?: string;
  readonly signal: AbortSignal | undefined;
}

/** Statuses for which the cure is another name or another token, and no second try. */
const refusals: ReadonlySet<number> = new Set([401, 403, 404]);

/**
 * Asks the hub. `fetch` follows redirects to other hosts without the token, as its standard says.
 *
 * @param path Below the endpoint, already encoded.
 * @throws {EmbeddingError} `NETWORK` where the hub cannot be reached.
 */
export async function ask(repo: HubRepo, path: string, { range, signal }: HubRequest): Promise<Response> {
  const { url, headers: named } = addressOf(`${repo.endpoint}/${path}`);
  const headers = {
    ...(repo.token !== undefined && { authorization: `Bearer ${repo.token}` }),
    ...(range !== undefined && { range }),
    ...named,
  };
  const answer = askInTime(repo.fetch, url, { headers, ...(signal && { signal }) }, repo.patience);
  return arriving(hostIn(repo), answer, signal);
}

/** What the hub said by way of refusal: the cause of its error. */
export interface Refusal {
  /** Of HTTP. */
  readonly status: number;
  /** The hub's own name for it, such as `RevisionNotFound`. */
  readonly reason: string | null;
}

/** The error of a response that is not what was asked for; ends its body. */
export async function refused(repo: HubRepo, what: string, response: Response): Promise<EmbeddingError> {
  await response.body?.cancel();
  const code: ErrorCode = refusals.has(response.status) ? 'NOT_FOUND' : 'NETWORK';
  const told = response.headers.get('x-error-message')?.slice(0, 200) ?? response.statusText;
  const wait = response.headers.get('retry-after');
  const hint = refusals.has(response.status) ? cure(repo) : wait === null ? '' : `; retry after ${wait}`;
  const status = `HTTP ${response.status} ${told}`.trimEnd();
  const cause: Refusal = { status: response.status, reason: response.headers.get('x-error-code') };
  return new EmbeddingError(code, { where: repoId(repo), expected: what, got: `${status}${hint}` }, { cause });
}

/** The hub answers alike for a model that does not exist and one that is not to be seen. */
function cure({ token }: HubRepo): string {
  return token === undefined ? '; if it is private or gated, give a token' : '; may this token read it?';
}

/** What errors call the hub that was asked for a repository. */
export function hostIn(repo: HubRepo): string {
  return `${repoId(repo)}: ${withoutPasswords(repo.endpoint)}`;
}
