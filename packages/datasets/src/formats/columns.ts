import { invalid } from '../invalid.ts';
import type { Draft } from '../read-samples.ts';

export type Row = Readonly<Record<string, unknown>>;

/** The name of a column, or what to make of a row. */
export type Column = string | ((row: Row) => unknown);

/** Which columns of a table mean what. */
export interface Columns {
  /** Default `id`; where there is none, the path of the image, or file and row where the image is in the table. */
  readonly id?: Column;
  /** A path, bytes, or Hugging Face's `{ bytes, path }`. Default `image`. */
  readonly image?: Column;
  /** A caption, a list of them, or a column for each. Default `captions`, `caption` or `caption_0`, `caption_1`, …. */
  readonly captions?: Column | readonly string[];
  /** Default `split`. */
  readonly split?: Column;
}

/** One row by its columns. What no column of `columns` names is an attribute. */
export function draftOf(row: Row, columns: Columns, where: string): Draft {
  const { id = 'id', image = 'image', split = 'split' } = columns;
  const captions = columns.captions ?? captionColumns(row, where);
  const picture = imageOf(valueOf(row, image), where);
  const ownId = valueOf(row, id) ?? (typeof picture === 'string' ? picture : where);
  const ownSplit = valueOf(row, split);
  const used = new Set<unknown>([id, image, split, ...(Array.isArray(captions) ? captions : [captions])]);
  return {
    id: nameOf(ownId, 'id', where),
    image: picture,
    captions: captionsOf(row, captions, where),
    ...(ownSplit !== undefined && { split: nameOf(ownSplit, 'split', where) }),
    attributes: Object.fromEntries(Object.entries(row).filter(([name]) => !used.has(name))),
  };
}

/** `null`, which tables write for nothing, is nothing. */
function valueOf(row: Row, column: Column): unknown {
  const value = typeof column === 'string' ? (Object.hasOwn(row, column) ? row[column] : undefined) : column(row);
  return value ?? undefined;
}

function nameOf(value: unknown, what: string, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw invalid(where, `${what} as text or a number`, typeof value);
}

function captionColumns(row: Row, where: string): string | readonly string[] {
  const named = ['captions', 'caption'].find((name) => Object.hasOwn(row, name));
  if (named) return named;
  const numbered = Object.keys(row).filter((name) => /^caption_\d+$/.test(name));
  if (numbered.length > 0) return numbered.toSorted((a, b) => Number(a.slice(8)) - Number(b.slice(8)));
  throw invalid(where, `'captions', 'caption' or 'caption_0'`, Object.keys(row).join(', '));
}

function captionsOf(row: Row, columns: Column | readonly string[], where: string): readonly string[] {
  const values = typeof columns === 'object' ? columns.map((column) => valueOf(row, column)) : valueOf(row, columns);
  const captions = typeof values === 'string' ? [values] : values;
  if (Array.isArray(captions) && captions.every((caption) => typeof caption === 'string')) return captions;
  throw invalid(where, 'captions as text', JSON.stringify(captions)?.slice(0, 80));
}

function imageOf(value: unknown, where: string): Draft['image'] {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return async () => value.slice();
  if (typeof value === 'object' && value !== null) {
    const { bytes, path } = value as { readonly bytes?: unknown; readonly path?: unknown };
    if (bytes instanceof Uint8Array) return async () => bytes.slice();
    if (typeof path === 'string') return path;
  }
  throw invalid(where, 'an image as a path or bytes', typeof value);
}
