import { expectMembers, expectRows } from '@diptych/core';

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
