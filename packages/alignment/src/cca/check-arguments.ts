import { EmbeddingError, expectMembers, expectRows } from '@diptych/core';

interface Arguments {
  readonly rows?: readonly unknown[];
  readonly moments?: readonly unknown[];
  readonly view?: unknown;
  readonly options?: unknown;
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what is none of these. */
export function checkArguments(name: string, given: Arguments): void {
  for (const rows of given.rows ?? []) expectRows(rows, name);
  for (const of of given.moments ?? []) expectMembers(of, `${name}: moments`, 'n', 'meanX', 'meanY', 'xx', 'yy', 'xy');
  if ('view' in given) expectMembers(given.view, `${name}: view`, 'mean', 'weights');
  if ('options' in given) expectMembers(given.options, `${name}: options`);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for fewer pairs than have a covariance. */
export function checkPairs(name: string, n: number): void {
  if (n < 2) throw new EmbeddingError('INPUT_INVALID', { where: name, expected: 'at least 2 pairs', got: n });
}

/** @throws {EmbeddingError} `SHAPE_MISMATCH` for views that are not of the same rows. */
export function checkSameRows(views: readonly { readonly shape: readonly [number, number] }[]): void {
  const n = views[0]?.shape[0] ?? 0;
  const wrong = views.findIndex(({ shape }) => shape[0] !== n);
  if (wrong < 0) return;
  const got = views[wrong]!.shape[0];
  throw new EmbeddingError('SHAPE_MISMATCH', { where: `view ${wrong}`, expected: `${n} rows`, got });
}
