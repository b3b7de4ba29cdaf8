import { createHash, type Hash } from 'node:crypto';
import { gitPrefix } from '../../hub/git-prefix.ts';
import type { HubFile } from '../../hub/hub-listing.ts';

/** A hash of a file's content, ready to be updated with it. */
export function contentHash({ algorithm, size }: Pick<HubFile, 'algorithm' | 'size'>): Hash {
  if (algorithm === 'sha256') return createHash('sha256');
  return createHash('sha1').update(gitPrefix(size));
}
