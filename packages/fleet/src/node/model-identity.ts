import { createHash } from 'node:crypto';
import { checkSignal, expectMembers, expectText, expectTexts, EmbeddingError, turn } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { EmbeddingSpace } from 'diptych';
import type { ModelIdentity } from './job.ts';

export interface IdentityOptions {
  /** Where the model was opened from. */
  readonly files: Files;
  /** What was opened of them, as `onFile` of `open` tells. */
  readonly paths: readonly string[];
  /** Of the code that preprocesses. */
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
}

const bytesAtOnce = 1 << 22;

/**
 * By what two machines tell whether they have one model: its names, what it multiplies in, and SHA-256 over the files that
 * it was opened from, which are read for that.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` without a file; `NOT_FOUND` where one is gone.
 */
export async function modelIdentity(
  space: Pick<EmbeddingSpace, 'id' | 'architecture' | 'dim' | 'dtype'>,
  options: IdentityOptions,
): Promise<ModelIdentity> {
  const { id, architecture, dim, dtype } = expectMembers(space, 'modelIdentity', 'id', 'architecture', 'dim', 'dtype');
  const { files, paths, version, signal } = expectMembers(options, 'modelIdentity: options', 'files', 'paths');
  checkSignal(signal);
  expectMembers(files, 'modelIdentity: files', 'open');
  expectTexts(paths, 'modelIdentity: paths');
  expectText(version, 'modelIdentity: version');
  if (paths.length === 0)
    throw new EmbeddingError('INPUT_INVALID', { where: 'modelIdentity: paths', expected: 'a file', got: 'none' });
  const all = createHash('sha256');
  for (const path of [...new Set(paths)].toSorted()) {
    all.update(`${JSON.stringify(path)} ${await hashOf(files, path, signal)}\n`);
  }
  return { id, architecture, dim, dtype, files: all.digest('hex'), version };
}

async function hashOf(files: Files, path: string, signal: AbortSignal | undefined): Promise<string> {
  const file = await files.open(path, signal);
  if (!file) throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: `the file '${path}'`, got: 'none' });
  const hash = createHash('sha256');
  for (let at = 0; at < file.size; at += bytesAtOnce) {
    await turn(signal);
    hash.update(await file.read(at, Math.min(at + bytesAtOnce, file.size), signal));
  }
  return hash.digest('hex');
}

/** @throws {EmbeddingError} `INPUT_INVALID` with all that differs, where it does. */
export function expectSame(job: string, expected: object, got: object): void {
  const [theirs, ours] = [expected, got].map((one) => new Map(Object.entries(one)));
  const differing = [...theirs!.keys()].filter(
    (key) => JSON.stringify(theirs!.get(key)) !== JSON.stringify(ours!.get(key)),
  );
  if (differing.length === 0) return;
  const shown = (one: ReadonlyMap<string, unknown>) =>
    differing.map((key) => `${key} ${JSON.stringify(one.get(key))}`).join(', ');
  throw new EmbeddingError('INPUT_INVALID', { where: `job '${job}'`, expected: shown(theirs!), got: shown(ours!) });
}
