import type { Inspection, Labels, LossGradients } from '@diptych/alignment';
import type { Similarity } from '@diptych/core';
import type { Sample } from '@diptych/datasets';
import type * as tf from '@tensorflow/tfjs-core';

/** Rows of items that are loaded, by their tower as it is trained or as it is used. */
export type LoadedRows = (how: 'training' | 'trained') => tf.Tensor2D;

/** A tower, whatever it reads. */
export interface Side<Item> {
  /** @param seeds What each item is changed at random by. Default each stays as it is. */
  readonly load: (items: readonly Item[], signal?: AbortSignal, seeds?: readonly number[]) => Promise<LoadedRows>;
}

/** Pairs whose rows are computed at once. */
export interface DualPart {
  readonly images: LoadedRows;
  readonly texts: LoadedRows;
}

/** Pairs that a loss compares, in parts one after the other. */
export interface DualBatch {
  readonly parts: readonly DualPart[];
  /** Of each pair; those that belong together are equal. */
  readonly labels: Labels;
}

/** Two towers and an objective with their variables. Whoever made them disposes of them. */
export interface DualTraining extends Disposable {
  /** What a run moves, and statistics that move by themselves, by name. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  readonly images: Side<Sample>;
  readonly texts: Side<string>;
  /** How rows are compared. */
  readonly similarity: Similarity;
  /**
   * The mean of the losses of batches, and its gradients. To be called inside `tf.tidy`.
   *
   * @param progress The part of the run that is done, in `[0, 1]`.
   */
  readonly gradients: (batches: readonly DualBatch[], progress: number) => LossGradients;
  /** Puts what was trained where the towers read it. Default they read the variables themselves. */
  readonly settle?: () => void;
  readonly inspect: (batch: DualBatch, progress: number) => Inspection;
  /** Frees the variables, as `using` does; twice is once. */
  dispose(): void;
}
