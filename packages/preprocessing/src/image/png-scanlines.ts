/** Every `dx`-th pixel of every `dy`-th row from `(x, y)`: a plain image has one such grid, Adam7 seven. */
export interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

/** The passes of an image that hold at least one pixel, in file order. */
export function passes(width: number, height: number, interlaced: boolean): readonly Pass[] {
  return (interlaced ? adam7 : plain)
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      width: Math.ceil((width - x) / dx),
      height: Math.ceil((height - y) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

const plain = [[0, 0, 1, 1]] as const;
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Undoes the filter of one row in place.
 *
 * @param row The row without its filter byte.
 * @param above The unfiltered row above, or zeros.
 * @param step Bytes from a pixel to its left neighbour, at least 1.
 */
export function unfilter(type: number, row: Uint8Array, above: Uint8Array, step: number): void {
  const filter = filters[type];
  if (!filter) throw new Error(`row filter ${type} does not exist`);
  filter(row, above, step);
}

type RowFilter = (row: Uint8Array, above: Uint8Array, step: number) => void;

const filters: readonly RowFilter[] = [
  () => {},
  (row, _, step) => {
    for (let i = step; i < row.length; i++) row[i]! += row[i - step]!;
  },
  (row, above) => {
    for (let i = 0; i < row.length; i++) row[i]! += above[i]!;
  },
  (row, above, step) => {
    for (let i = 0; i < row.length; i++) row[i]! += ((i < step ? 0 : row[i - step]!) + above[i]!) >> 1;
  },
  paeth,
];

function paeth(row: Uint8Array, above: Uint8Array, step: number): void {
  for (let i = 0; i < Math.min(step, row.length); i++) row[i]! += above[i]!;
  for (let i = step; i < row.length; i++) {
    const [left, up, corner] = [row[i - step]!, above[i]!, above[i - step]!];
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    row[i]! += toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  }
}
