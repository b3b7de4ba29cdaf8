/** Columns that one tile of the product covers: one panel of a packed right factor. */
export const COLUMNS: i32 = 8;

/** Columns of whole panels. */
// @ts-ignore: decorator
@inline export function roundUp(n: i32): i32 {
  return (n + COLUMNS - 1) & ~(COLUMNS - 1);
}
