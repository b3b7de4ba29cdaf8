import { EmbeddingError, expectFields } from '@diptych/core';

/** A value of metadata. Numbers are finite, text is well-formed and without U+0000: no database changes it. */
export type Value = string | number | boolean;

/** What is known of a row beside its vector. A field may be absent. */
export type Metadata = Readonly<Record<string, Value>>;

/** The fields that metadata may have, and the type of each. */
export type Fields = Readonly<Record<string, 'string' | 'number' | 'boolean'>>;

/** @throws {EmbeddingError} `INPUT_INVALID` for a field that is not declared or a value of another type. */
export function checkMetadata(where: string, metadata: Metadata, fields: Fields): void {
  expectFields(metadata, where);
  for (const [field, value] of Object.entries(metadata)) checkValue(where, field, value, fields);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a field that is not declared or a value of another type. */
export function checkValue(where: string, field: string, value: unknown, fields: Fields): void {
  const type = typeOf(where, field, fields);
  const isBad = (type === 'number' && !Number.isFinite(value)) || (type === 'string' && !isText(String(value)));
  if (typeof value !== type || isBad) {
    throw new EmbeddingError('INPUT_INVALID', { where, expected: `a ${type} as '${field}'`, got: String(value) });
  }
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a field that is not declared. */
export function typeOf(where: string, field: string, fields: Fields): Fields[string] {
  const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (type === undefined) {
    const known = Object.keys(fields).join(', ') || 'none';
    throw new EmbeddingError('INPUT_INVALID', { where, expected: `a field among ${known}`, got: `'${field}'` });
  }
  return type;
}

/** Whether every database can hold it. */
export function isText(value: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(value);
}
