import type { TypedArray } from '@diptych/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type Filling, fillingOf, type FillOptions, isStaged } from './filling.ts';
import type { Placement } from '../spec/name-table.ts';
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

export interface FillingsOptions extends Omit<FillOptions, 'stage'> {
  /** Rooms for the values of factors, which use them by turns. */
  readonly stages: readonly Tensor[];
}

/** The parameters that are being filled. */
export function fillings({ stages, ...options }: FillingsOptions): Fillings {
  const begun = new Map<Placement, Filling>();
  const held = new Map<Placement, Tensor>();
  // They are given in the order of the factors, so that the one whose values are taken has its own.
  const stage = (placement: Placement): Tensor | undefined => {
    const next = [...begun.keys()].find((one) => isStaged(one) && !held.has(one));
    const free = next === placement ? stages.find((one) => ![...held.values()].includes(one)) : undefined;
    if (free) held.set(placement, free);
    return held.get(placement);
  };
  const fillingFor = ({ placement, size }: Piece): Filling => {
    const filling =
      begun.get(placement) ?? fillingOf(placement, size, { ...options, stage: stages.length > 0 ? stage : undefined });
    begun.set(placement, filling);
    return filling;
  };
  return {
    roomOf: (piece) => fillingFor(piece).room?.(piece),
    take: (piece, values, room) => fillingFor(piece).take(values, piece, room),
    done(piece) {
      const filling = fillingFor(piece);
      const weight = filling.done();
      filling.dispose?.();
      begun.delete(piece.placement);
      held.delete(piece.placement);
      return weight;
    },
    dispose() {
      for (const filling of begun.values()) filling.dispose?.();
    },
  };
}
