import { EmbeddingError } from '@diptych/core';
import { type Grid, type Rotary, rotaryOf } from '@diptych/nn';

/** How patches are told their places by rotation: half of a head's pairs turn by one side of the grid, half by the other. */
export interface GridRotary {
  /** By which the first half turns. */
  readonly first: 'rows' | 'columns';
  /** What the first row and the first column are counted as; 0 or 1. */
  readonly origin: number;
  /** Rows and columns of the grid that the network was trained for first: places of another are scaled to it. */
  readonly reference: number;
}

/**
 * Rotary positions of a grid of patches, row by row, each component turning with its neighbour: EVA-02, Fang et al. 2023,
 * arXiv:2303.11331, after Su et al. 2021, arXiv:2104.09864, with base 10,000.
 *
 * @param size Components of a head, a multiple of 4.
 * @param before Tokens before the patches, which are left as they are.
 * @throws {EmbeddingError} `CONFIG_INVALID` for another size, as heads have that do not divide a width.
 */
export function gridRotary([rows, columns]: Grid, size: number, before: number, how: GridRotary): Rotary {
  if (!(size > 0 && size % 4 === 0)) {
    const expected = 'heads whose size 4 divides';
    throw new EmbeddingError('CONFIG_INVALID', { where: 'rotary positions', expected, got: size });
  }
  const { first, origin, reference } = how;
  const turns = (place: number, of: number) =>
    Array.from({ length: size / 4 }, (_, i) => (((place + origin) / of) * reference) / 10_000 ** (i / (size / 4)));
  const patches = Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [turns(Math.floor(at / columns), rows), turns(at % columns, columns)];
    return first === 'rows' ? [...row, ...column] : [...column, ...row];
  });
  const still = Array.from({ length: before }, () => Array.from({ length: size / 2 }, () => 0));
  return rotaryOf([...still, ...patches], 'neighbours');
}
