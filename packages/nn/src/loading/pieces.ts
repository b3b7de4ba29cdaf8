import type { Checkpoint, WeightType } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import type { Placement } from '../spec/name-table.ts';
import { isPacked } from '../spec/spec.ts';

/** Values `begin` to `end` of one stored array of a parameter, whose own values they are from number `at` on. */
export interface Piece {
  readonly placement: Placement;
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  readonly at: number;
  /** Number of the parameter's values in the file. */
  readonly size: number;
  /** Whether the parameter is whole then. */
  readonly last: boolean;
  /** What a value takes; a file in double precision has more. */
  readonly bytesEach: number;
}

/** Bytes of one read, which stay in a processor's cache until they are packed. */
const pieceBytes = 1 << 20;
/** The arrays of a parameter in the order in which they are joined; whole where the checkpoint has no parts of them. */
export function piecesOf(placement: Placement, checkpoint: Checkpoint, packed: WeightType | undefined): Piece[] {
  const { param, from } = placement;
  const bytesEach = packed && isPacked(param, packed) ? 1 : 4;
  // Tables are rounded by whole rows.
  const unit = param.lookup && bytesEach > 1 ? Math.max(1, param.shape.at(-1)!) : 1;
  const most = checkpoint.readRange ? Math.max(1, Math.floor(pieceBytes / bytesEach / unit)) * unit : Infinity;
  const sizes = from.map((name) => util.sizeFromShape([...checkpoint.shape(name)]));
  const size = sizes.reduce((a, b) => a + b, 0);
  const pieces: Piece[] = [];
  let start = 0;
  for (const [i, name] of from.entries()) {
    for (let begin = 0; begin === 0 || begin < sizes[i]!; begin += most) {
      const end = Math.min(begin + most, sizes[i]!);
      pieces.push({
        placement,
        size,
        name,
        begin,
        end,
        at: start + begin,
        bytesEach,
        last: i === from.length - 1 && end === sizes[i],
      });
    }
    start += sizes[i]!;
  }
  return pieces;
}
