import { EmbeddingError, expectFields, expectList, type Fusion } from '@diptych/core';
import { variablesOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkNames, checkParts, type GivenParts } from './check-parts.ts';
import { checkConfig, type JointConfig, type PartWidths } from './joint-config.ts';
import type { NamedParts } from './projections.ts';

/** An operator that makes do with the parts that are there, for the whole batch or item by item. */
export interface AvailableFusion<Part extends string> extends Fusion<Part> {
  /**
   * @param present Which items have which part, as `dropModalities` gives. What stands in the row of one that is missing,
   * NaN included, has no influence.
   */
  forward(parts: GivenParts<Part>, present?: Presence<Part>): tf.Tensor2D;
}

/** `[n]` for each part by its name, 0 where an item lacks it. Default all 1. */
export type Presence<Part extends string> = Readonly<Partial<Record<Part, ArrayLike<number>>>>;

/** What is there: missing rows are zero. */
export interface Available {
  readonly parts: NamedParts;
  /** `[n, parts]` in the order of their names, 1 where there is one. */
  readonly mask: tf.Tensor2D;
}

/**
 * `forward` throws `INPUT_INVALID` for an unknown part or an item without any, `SHAPE_MISMATCH` for a part in another shape
 * or in the presence of other than `n` items.
 */
export function availableFusion<Part extends string>(
  config: JointConfig<Part>,
  params: unknown,
  join: (available: Available) => tf.Tensor2D,
): AvailableFusion<Part> {
  checkConfig(config);
  const { parts, dim } = config;
  return {
    dim,
    variables: variablesOf(params),
    forward: (given, present) => join(availableParts(parts, given, present)),
  };
}

export function availableParts<Part extends string>(
  widths: PartWidths<Part>,
  given: GivenParts<Part>,
  present?: Presence<Part>,
): Available {
  expectFields(present ?? {}, 'fusion: presence');
  checkNames(widths, present ?? {});
  const { n, parts } = checkParts(widths, given);
  const mask = maskOf(n, parts, present);
  const columns = tf.split<tf.Tensor2D>(mask, parts.length, 1);
  const rows = ([name, part]: (typeof parts)[number], i: number): tf.Tensor2D => {
    if (!part) return tf.zeros([n, widths[name]]);
    return present?.[name] ? rowsOf(part, columns[i]!) : part;
  };
  return { parts: Object.fromEntries(parts.map((each, i) => [each[0], rows(each, i)])), mask };
}

function maskOf<Part extends string>(
  n: number,
  parts: readonly (readonly [name: Part, part: tf.Tensor2D | undefined])[],
  present: Presence<Part> | undefined,
): tf.Tensor2D {
  for (const [name] of parts) {
    const given = present?.[name];
    if (given === undefined) continue;
    expectList(given, `fusion: presence of '${name}'`);
    const items = given.length;
    if (items === n) continue;
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: `fusion: part '${name}'`,
      expected: `the presence of ${n}`,
      got: items,
    });
  }
  const has = (item: number) => parts.map(([name, part]) => (part && (present?.[name]?.[item] ?? 1) !== 0 ? 1 : 0));
  const rows = Array.from({ length: n }, (_, item) => has(item));
  const none = rows.findIndex((row) => !row.includes(1));
  if (none >= 0) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: `fusion: item ${none}`,
      expected: 'at least one part',
      got: 'none',
    });
  }
  return tf.tensor2d(rows.flat(), [n, parts.length]);
}

/** Chosen, not multiplied: zero times NaN is NaN. */
function rowsOf(x: tf.Tensor2D, column: tf.Tensor2D): tf.Tensor2D {
  return tf.where(tf.cast(tf.tile(column, [1, x.shape[1]]), 'bool'), x, tf.zerosLike(x));
}
