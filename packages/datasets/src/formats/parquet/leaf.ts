import { EmbeddingError } from '@diptych/core';
import type { ColumnMetaData, parquetSchema } from 'hyparquet';
import { invalid } from '../../invalid.ts';

export type SchemaTree = ReturnType<typeof parquetSchema>;

/** What the schema says of the values of a column. */
export interface Leaf {
  readonly type: string;
  /** Bytes of a value of `FIXED_LEN_BYTE_ARRAY`. */
  readonly width: number;
  /** How many lists a value is in. */
  readonly repetition: number;
  /** How many of its fields and lists may be missing. */
  readonly definition: number;
  /** Lists that have a value where so many of them are not missing; from 0 on. */
  readonly lists: readonly number[];
  /** Bytes of the longest value. */
  readonly longest: number;
  /** Fields on the way to it. */
  readonly depth: number;
}

/** Lists and structures in each other. */
const maxDepth = 32;

/** Bytes of a decimal number; hyparquet's time grows with their square. */
const maxDecimal = 64;

/** The leaf that hyparquet means by a column's path. */
export function leafOf(schema: SchemaTree, { path_in_schema: path, type }: ColumnMetaData, where: string): Leaf {
  let tree = schema;
  const elements = [schema.element];
  for (const name of path) {
    const child = tree.children.find(({ element }) => element.name === name);
    if (!child) throw invalid(where, 'a column of the schema', 'none');
    tree = child;
    elements.push(child.element);
  }
  const { type: own, type_length: width = 0, converted_type: converted, logical_type: logical } = tree.element;
  if (tree.children.length > 0 || own === undefined || own !== type || path.length > maxDepth)
    throw invalid(where, `${own} in at most ${maxDepth} fields`, `${type} in ${path.length}`);
  if (elements.some((element) => element.logical_type?.type === 'VARIANT'))
    throw new EmbeddingError('UNSUPPORTED', { where, expected: 'values of one type', got: 'VARIANT' });
  const isFixed = own === 'FIXED_LEN_BYTE_ARRAY';
  const wanted = isFixed && { UUID: 16, FLOAT16: 2 }[logical?.type as string];
  if (isFixed && (!(width > 0) || (wanted && width !== wanted)))
    throw invalid(where, `values of ${wanted || 'some'} bytes`, width);
  const missing = elements.slice(1).flatMap(({ repetition_type: kind }) => (kind === 'REQUIRED' ? [] : [kind]));
  const lists = [0, ...missing.map((_, i) => missing.slice(0, i + 1).filter((kind) => kind === 'REPEATED').length)];
  return {
    type: own,
    width,
    repetition: lists.at(-1)!,
    definition: missing.length,
    lists,
    longest: converted === 'DECIMAL' ? maxDecimal : Infinity,
    depth: path.length,
  };
}
