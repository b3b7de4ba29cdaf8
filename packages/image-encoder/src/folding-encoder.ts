import type { Encoder, ImageBatch } from '@diptych/core';
import { keepFold, variablesOf } from '@diptych/nn';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkPixels } from './image-batch.ts';

/** A network of which a part is made of weights alone. */
export interface Folding<Folded extends object> {
  /** Length of an embedding. */
  readonly dim: number;
  readonly params: object;
  /** Refuses a batch before anything is made. */
  readonly check?: (batch: ImageBatch) => void;
  readonly fold: () => Folded;
  readonly rows: (folded: Folded, batch: ImageBatch) => Tensor2D;
}

/** The network as an encoder, which folds in each forward pass, and keeps what it folds where it is asked to. */
export function foldingEncoder<Folded extends object>({
  dim,
  params,
  check = checkPixels,
  fold,
  rows,
}: Folding<Folded>): Encoder<ImageBatch> {
  const encoder = { dim, variables: variablesOf(params) };
  const forwardBy = (folded: () => Folded) => (batch: ImageBatch) => {
    check(batch);
    return rows(folded(), batch);
  };
  const keeping = () => {
    const kept = keepFold(params, fold);
    return { ...encoder, forward: forwardBy(() => kept.get()), [Symbol.dispose]: () => kept[Symbol.dispose]() };
  };
  // Not enumerable: an encoder that spreads this one has a forward of its own, which that of `keeping` is not.
  return Object.defineProperty({ ...encoder, forward: forwardBy(fold) }, 'keeping', { value: keeping });
}
