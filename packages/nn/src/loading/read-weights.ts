import { type Checkpoint, checkSignal, type WeightType } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { stageSize } from './filling.ts';
import { fillings } from './fillings.ts';
import type { Placement } from '../spec/name-table.ts';
import { piecesOf } from './pieces.ts';
import { readsOf } from './read-pieces.ts';
import { roomFor, weightStore } from './weight-store.ts';
import { bytesEach, type Weight } from './weights.ts';

export interface ReadWeightsOptions {
  readonly dtype: WeightType;
  /** What the file's weights are packed in, if they are. */
  readonly packed: WeightType | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Every parameter in turn, filled while the values of others are read; no more than one is held twice. */
export async function* readWeights(
  placements: readonly Placement[],
  checkpoint: Checkpoint,
  { dtype, packed, signal }: ReadWeightsOptions,
): AsyncGenerator<readonly [Placement, Weight]> {
  const largest = stageSize(placements, packed !== undefined);
  // Beside the model: values to be packed and those that are read meanwhile, and the two forms of one weight.
  weightStore()?.reserve(heapBytes(placements, dtype) + 16 * largest);
  const stages = largest > 0 ? [roomFor([largest]), roomFor([largest])] : [];
  const open = fillings({ dtype, packed: packed !== undefined, stages });
  const pieces = placements.flatMap((placement) => piecesOf(placement, checkpoint, packed));
  const reads = readsOf(pieces, checkpoint, { fillings: open, signal });
  try {
    for (const piece of pieces) {
      const { values, room } = await reads.next();
      checkSignal(signal);
      open.take(piece, values, room);
      if (piece.last) yield [piece.placement, open.done(piece)];
    }
  } finally {
    // They may still be writing to where values stay.
    await reads.settled();
    open.dispose();
    for (const stage of stages) stage.dispose();
  }
}

/** What a model takes in the memory of a backend. Tables in integers are elsewhere. */
function heapBytes(placements: readonly Placement[], dtype: WeightType): number {
  const sizes = placements.map(({ param }) => {
    return param.lookup && dtype !== 'float32' ? 0 : bytesEach(param, dtype) * util.sizeFromShape([...param.shape]);
  });
  return sizes.reduce((a, b) => a + b, 0);
}
