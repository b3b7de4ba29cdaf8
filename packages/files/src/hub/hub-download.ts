import { EmbeddingError } from '@diptych/core';
import type { HubFile } from './hub-listing.ts';
import { resolvePath, type HubRepo } from './hub-repo.ts';
import { ask, refused } from './hub-request.ts';

/** The rest of a file, on its way. */
export interface HubBody {
  /** First byte that it brings: what was asked for, or 0 where the server starts over. */
  readonly from: number;
  readonly response: Response;
}

export interface HubDownload {
  readonly file: HubFile;
  /** Asks for the bytes from `from` on. */
  request(from: number): Promise<HubBody>;
}

/** A file of one commit, from the hub or from where it redirects. */
export function hubDownload(repo: HubRepo, commit: string, file: HubFile, signal?: AbortSignal): HubDownload {
  const path = resolvePath(repo, commit, file.path);
  const request = async (from: number): Promise<HubBody> => {
    const response = await ask(repo, path, { signal, ...(from > 0 && { range: `bytes=${from}-` }) });
    if (response.status === 200) return { from: 0, response };
    const range = response.headers.get('content-range');
    if (response.status === 206 && range === `bytes ${from}-${file.size - 1}/${file.size}`) return { from, response };
    // Pages are not shown the range by hosts that do not say that they may see it.
    if (from > 0 && (response.status === 416 || (response.status === 206 && range === null))) {
      await response.body?.cancel();
      return request(0);
    }
    throw await refused(repo, `'${file.path}' from byte ${from}`, response);
  };
  return { file, request };
}

/** @throws {EmbeddingError} `NETWORK` when what arrived is not what the hub lists. */
export function checkHash({ path, algorithm, hash }: HubFile, got: string): void {
  if (got === hash) return;
  throw new EmbeddingError('NETWORK', {
    where: path,
    expected: `${algorithm} ${hash}`,
    got,
    cure: 'nothing is kept of it',
  });
}
