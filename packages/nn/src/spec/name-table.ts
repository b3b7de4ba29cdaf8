import { type Checkpoint, EmbeddingError, expectMembers, type WeightType } from '@diptych/core';
import { isPacked, parameters, type Param, type Spec } from './spec.ts';

/** Where a parameter stands in a file: one name, several stacked along the first axis, or one already in our layout. */
export type Source = string | readonly string[] | { readonly asIs: string };

/**
 * How a checkpoint names our parameters, as data. A key is a path or the start of one, with `*` for a list index;
 * its value gets the same indices for its own `*`, or for `#` counted from one, and the rest of the path appended. The
 * longest key wins, and among those of one length the one without `*`.
 *
 * `{ 'blocks.*.norm1': 'resblocks.*.ln_1' }` sends `blocks.3.norm1.bias` to `resblocks.3.ln_1.bias`.
 */
export interface NameTable {
  readonly names: { readonly [path: string]: Source };
  /**
   * Arrays that a file may hold and the model has no use for, such as position ids; `*` stands for any index, `**.` in
   * front for any path.
   */
  readonly ignore?: readonly string[];
}

/** One parameter and the arrays it is made of. */
export interface Placement {
  readonly path: string;
  readonly param: Param;
  readonly from: readonly string[];
  /** Axes that turn the stored array into ours. */
  readonly axes?: readonly number[];
}

/**
 * Matches every parameter with its arrays, by name and by shape.
 *
 * @param packed What the file's weights are packed in, if they are.
 * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` naming what is missing, left over or misshapen, with both shapes.
 */
export function place(
  spec: Spec,
  checkpoint: Pick<Checkpoint, 'names' | 'shape'>,
  table: NameTable,
  packed?: WeightType,
): Placement[] {
  expectMembers(checkpoint, 'checkpoint', 'names', 'shape');
  expectMembers(table, 'name table', 'names');
  const found = [...parameters(spec)].map(([path, param]) => resolve(path, param, table));
  const placements = packed ? found.map(firstName) : found;
  const problems = placements.flatMap((placement) => problemsOf(placement, checkpoint, packed));
  const used = new Set(placements.flatMap(({ from }) => from));
  for (const name of checkpoint.names) {
    if (!used.has(name) && !isIgnored(name, table))
      problems.push(`${name}: left over, shape [${checkpoint.shape(name)}]`);
  }
  if (problems.length > 0) {
    const shown = problems.slice(0, 10).join('; ');
    const rest = problems.length > 10 ? `; and ${problems.length - 10} more` : '';
    const problem = { where: 'checkpoint', expected: 'the arrays of the model', got: shown + rest };
    throw new EmbeddingError('CHECKPOINT_MISMATCH', problem);
  }
  return placements;
}

function resolve(path: string, param: Param, { names }: NameTable): Placement {
  const segments = path.split('.');
  for (let length = segments.length; length > 0; length--) {
    const start = segments.slice(0, length);
    const source = names[start.join('.')] ?? names[start.map((s) => (isIndex(s) ? '*' : s)).join('.')];
    if (source === undefined) continue;
    const indices = start.filter(isIndex);
    const rest = segments.slice(length);
    const named = (name: string) => [fill(name, indices), ...rest].join('.');
    if (typeof source === 'object' && 'asIs' in source) return { path, param, from: [named(source.asIs)] };
    const from = (typeof source === 'string' ? [source] : source).map(named);
    return param.fromTorch ? { path, param, from, axes: param.fromTorch } : { path, param, from };
  }
  throw new EmbeddingError('CHECKPOINT_MISMATCH', { where: path, expected: 'an entry of the name table', got: 'none' });
}

/** A packed file has a parameter whole, under the first of its names. */
function firstName(placement: Placement): Placement {
  return { ...placement, from: placement.from.slice(0, 1) };
}

function problemsOf(
  placement: Placement,
  checkpoint: Pick<Checkpoint, 'names' | 'shape'>,
  packed: WeightType | undefined,
): string[] {
  const { path, param, from } = placement;
  const missing = from.filter((name) => !checkpoint.names.has(name));
  if (missing.length > 0) return missing.map((name) => `${path}: ${name} is missing, expected [${param.shape}]`);
  // Bytes are counted when they are read.
  if (packed && isPacked(param, packed)) return [];
  const expected = storedShape(placement);
  const found = stackedShape(from.map((name) => checkpoint.shape(name)));
  if (found && sameUpToOnes(expected, found)) return [];
  const got = from.map((name) => `${name} [${checkpoint.shape(name)}]`).join(' + ');
  return [`${path}: expected [${expected}], found ${got}`];
}

/** The shape that the stored array, or the stack of them, must have. */
export function storedShape({ param, axes }: Placement): readonly number[] {
  if (!axes) return param.shape;
  return axes.map((_, stored) => param.shape[axes.indexOf(stored)]!);
}

function stackedShape(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const [first, ...others] = shapes as [readonly number[], ...(readonly number[])[]];
  if (others.length === 0) return first;
  const inner = first.slice(1).join();
  if (others.some((shape) => shape.slice(1).join() !== inner)) return undefined;
  return [shapes.reduce((sum, shape) => sum + (shape[0] ?? 0), 0), ...first.slice(1)];
}

/** Files differ in axes of length 1: a scalar is `[]` or `[1]`, a probe `[d]` or `[1, 1, d]`. */
function sameUpToOnes(a: readonly number[], b: readonly number[]): boolean {
  const core = (shape: readonly number[]) => shape.filter((n) => n !== 1).join();
  return core(a) === core(b);
}

function isIgnored(name: string, { ignore = [] }: NameTable): boolean {
  const generic = name
    .split('.')
    .map((s) => (isIndex(s) ? '*' : s))
    .join('.');
  return ignore.some((known) => {
    if (known.startsWith('**')) return name.endsWith(known.slice(2));
    return known === name || known === generic;
  });
}

function fill(name: string, indices: readonly string[]): string {
  let next = 0;
  return name.replaceAll(/[*#]/g, (mark) => `${Number(indices[next++]) + (mark === '#' ? 1 : 0)}`);
}

function isIndex(segment: string): boolean {
  return /^\d+$/.test(segment);
}
