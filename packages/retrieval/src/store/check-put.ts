import { EmbeddingError, type Embeddings, expectItems, expectMembers, type Precision, quote } from '@diptych/core';
import { checkRows, checkSpace } from '../check-rows.ts';
import { checkMetadata, isText, type Metadata } from '../metadata.ts';
import type { StoreConfig } from '../store.ts';

const precisions: ReadonlySet<string> = new Set<Precision>(['float32', 'int8', 'uint8', 'binary', 'ubinary']);
const types: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);

/** @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have. */
export function checkConfig(config: StoreConfig): Required<StoreConfig> {
  expectMembers(config, 'store');
  const { model, dim, precision, fields = {} } = config;
  expectMembers(fields, 'store: fields');
  const refuse = (expected: string, got: unknown) => {
    throw new EmbeddingError('CONFIG_INVALID', { where: 'store', expected, got: String(got) });
  };
  if (typeof model !== 'string' || model === '') refuse('the id of a model', model);
  if (!Number.isSafeInteger(dim) || dim < 1) refuse('a positive dimension', dim);
  if (!precisions.has(precision)) refuse(`a precision of ${[...precisions].join(', ')}`, precision);
  for (const [field, type] of Object.entries(fields)) {
    if (!types.has(type)) refuse(`string, number or boolean as type of '${field}'`, type);
  }
  return { model, dim, precision, fields: { ...fields } };
}

/** @throws {EmbeddingError} `INPUT_INVALID` for ids that are malformed or repeated. */
export function checkIds(where: string, ids: readonly string[]): void {
  if (!Array.isArray(ids))
    throw new EmbeddingError('INPUT_INVALID', { where, expected: 'a list of ids', got: quote(ids) });
  const seen = new Set<string>();
  for (const id of ids) {
    if (typeof id !== 'string' || id === '' || !isText(id)) {
      throw new EmbeddingError('INPUT_INVALID', {
        where,
        expected: 'ids of well-formed text',
        got: JSON.stringify(id),
      });
    }
    if (seen.has(id))
      throw new EmbeddingError('INPUT_INVALID', { where, expected: 'each id once', got: `'${id}' twice` });
    seen.add(id);
  }
}

/** @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for what must not be stored. */
export function checkPut(
  ids: readonly string[],
  rows: Embeddings<Precision>,
  metadata: readonly Metadata[] | undefined,
  config: Required<StoreConfig>,
): void {
  checkSpace('store', rows, config);
  if (rows.precision !== config.precision) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'store',
      expected: `rows of ${config.precision}`,
      got: rows.precision,
    });
  }
  checkRows('store', rows);
  expectItems(ids, 'store: ids');
  if (metadata !== undefined) expectItems(metadata, 'store: metadata');
  const n = rows.shape[0];
  if (ids.length !== n || (metadata && metadata.length !== n)) {
    const got = `${ids.length} ids and ${metadata?.length ?? 'no'} metadata`;
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'store', expected: `as many as rows, ${n}`, got });
  }
  checkIds('store', ids);
  metadata?.forEach((values, i) => checkMetadata(`store: '${ids[i]}'`, values, config.fields));
}
