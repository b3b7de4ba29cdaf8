import type { Checkpoint, WeightType } from '@diptych/core';
import { fill, util } from '@tensorflow/tfjs-core';
import { type Filling, fillingOf, stageSize } from './filling.ts';
import { runFusedAll } from './fused.ts';
import type { Placement } from './name-table.ts';
import { piecesOf, readPieces } from './read-pieces.ts';
import { bytesEach, type Weight } from './weights.ts';

export interface ReadWeightsOptions {
  readonly dtype: WeightType;
  /** What the file's weights are packed in, if they are. */
  readonly packed: WeightType | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Every parameter in turn, packed while the values of the next are read; no more than one is held twice. */
export async function* readWeights(
  placements: readonly Placement[],
  checkpoint: Checkpoint,
  { dtype, packed, signal }: ReadWeightsOptions,
): AsyncGenerator<readonly [Placement, Weight]> {
  const pieces = placements.flatMap((placement) => piecesOf(placement, checkpoint, packed));
  const room = stageSize(placements, packed !== undefined);
  // Beside the model: values to be packed, and the two forms of one weight.
  runFusedAll('DiptychReserve', {}, { bytes: heapBytes(placements, dtype) + 12 * room });
  const stage = room > 0 ? fill([room], 0) : undefined;
  const spare = new Uint8Array(checkpoint.readRangeSync ? Math.max(0, ...pieces.map(({ bytes }) => bytes)) : 0);
  let filling: Filling | undefined;
  try {
    for await (const [piece, read] of readPieces(pieces, checkpoint, signal)) {
      signal?.throwIfAborted();
      const { placement, size } = piece;
      filling ??= fillingOf(placement, size, { dtype, packed: packed !== undefined, stage, spare });
      filling.take(read, piece);
      if (!piece.last) continue;
      const weight = filling.done();
      filling.dispose?.();
      filling = undefined;
      yield [placement, weight];
    }
  } finally {
    filling?.dispose?.();
    stage?.dispose();
  }
}

/** What a model takes in the memory of a backend. Tables in integers are elsewhere. */
function heapBytes(placements: readonly Placement[], dtype: WeightType): number {
  const sizes = placements.map(({ param }) => {
    return param.lookup && dtype !== 'float32' ? 0 : bytesEach(param, dtype) * util.sizeFromShape([...param.shape]);
  });
  return sizes.reduce((a, b) => a + b, 0);
}
