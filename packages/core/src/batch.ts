/** What every batch has besides its arrays of as many values for each item. */
export interface Batch {
  readonly shape: readonly [n: number, ...rest: number[]];
}

/** Token ids of `n` texts, each padded to `length`; row-major `[n, length]`. */
export interface TextBatch {
  readonly ids: Int32Array;
  /** 1 where a token counts, 0 where it is padding. */
  readonly mask: Int32Array;
  /** 1 where a token counts when a text becomes one vector; other tokens see it all the same. Default `mask`. */
  readonly pooled?: Int32Array;
  /** Of each text, 1 where it was too long and has lost its end. Default none was. */
  readonly cut?: Uint8Array;
  readonly shape: readonly [n: number, length: number];
}

/** Normalised pixels of `n` images of one size; row-major `[n, height, width, channels]`, RGB. */
export interface ImageBatch {
  readonly pixels: Float32Array;
  readonly shape: readonly [n: number, height: number, width: number, channels: number];
}

/** Log-mel spectra of `n` sounds of one length, in decibels; row-major `[n, frames, bins]`. */
export interface AudioBatch {
  readonly spectra: Float32Array;
  readonly shape: readonly [n: number, frames: number, bins: number];
}

/** Feature vectors of `n` items that another network gave; row-major `[n, width]`. */
export interface FeatureBatch {
  readonly values: Float32Array;
  readonly shape: readonly [n: number, width: number];
}

/** Raw items to one batch, in order. Rejects with `signal.reason` when aborted. */
export type Preprocessor<Raw, B> = (items: readonly Raw[], signal?: AbortSignal) => B | Promise<B>;
