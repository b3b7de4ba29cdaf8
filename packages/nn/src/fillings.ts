import type { TypedArray } from '@diptych/core';
import { type Filling, fillingOf, type FillOptions, isStaged } from './filling.ts';
import type { Placement } from './name-table.ts';
import type { Piece } from './pieces.ts';
import type { Weight } from './weights.ts';

export interface Fillings {
  /** Where the values of a piece stay as they are, if they do, it is free by now, and that memory never moves. */
  roomOf(piece: Piece): Uint8Array | undefined;
  /** Takes the values of the next piece, which may be in the `room` that it gave for them already. */
  take(piece: Piece, values: TypedArray, room: Uint8Array | undefined): void;
  /** The parameter whose last piece was taken. */
  done(piece: Piece): Weight;
  /** Frees those that are not done. */
  dispose(): void;
}

/** The parameters that are being filled. */
export function fillings(options: FillOptions): Fillings {
  const begun = new Map<Placement, Filling>();
  const fillingFor = ({ placement, size }: Piece): Filling => {
    const filling = begun.get(placement) ?? fillingOf(placement, size, options);
    begun.set(placement, filling);
    return filling;
  };
  return {
    roomOf(piece) {
      const filling = fillingFor(piece);
      // There is one stage, and it may still hold what was read before.
      const isTaken = (other: Placement) => other !== piece.placement && isStaged(other);
      const waits = options.stage !== undefined && isStaged(piece.placement) && [...begun.keys()].some(isTaken);
      return waits ? undefined : filling.room?.(piece);
    },
    take: (piece, values, room) => fillingFor(piece).take(values, piece, room),
    done(piece) {
      const filling = fillingFor(piece);
      const weight = filling.done();
      filling.dispose?.();
      begun.delete(piece.placement);
      return weight;
    },
    dispose() {
      for (const filling of begun.values()) filling.dispose?.();
    },
  };
}
