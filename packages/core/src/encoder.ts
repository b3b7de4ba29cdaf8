import type { Scalar, Tensor2D, Variable } from '@tensorflow/tfjs-core';

/** One tower: a batch of one modality in, one row per item out. */
export interface Encoder<Batch> {
  /** Length of an embedding. */
  readonly dim: number;
  readonly variables: readonly Variable[];
  /** `[n, dim]`, not normalised. Synchronous; the caller wraps it in `tf.tidy`. */
  forward(batch: Batch): Tensor2D;
  /**
   * The same encoder, which keeps what it makes of its weights alone, folded filters say, until one of them changes. Absent
   * where there is no such thing, and not enumerable, so that no encoder that spreads this one takes it over. It is disposed of
   * before the weights are.
   */
  keeping?(): Encoder<Batch> & Disposable;
}

/** Parts of several modalities in, one joint row per item out. An absent part is a missing modality. */
export interface Fusion<Part extends string> {
  readonly dim: number;
  readonly variables: readonly Variable[];
  forward(parts: Partial<Record<Part, Tensor2D>>): Tensor2D;
}

/** What training minimises. `variables` are the objective's own parameters, such as a temperature. */
export interface Objective<Input> {
  readonly variables: readonly Variable[];
  loss(input: Input): Scalar;
}
