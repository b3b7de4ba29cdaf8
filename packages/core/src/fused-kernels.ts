import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Kernels that a backend may add to tfjs under these names, all or none, for layers to use instead of plain operations.
 * A gradient is a kernel of its own, which tfjs does not know of. All tensors are float32.
 */
export interface FusedKernels {
  readonly DiptychActivate: FusedActivate;
  readonly DiptychActivateGrad: FusedActivateGrad;
  readonly DiptychAdam: FusedAdam;
  readonly DiptychBatchNorm: FusedBatchNorm;
  readonly DiptychBatchNormGrad: FusedBatchNormGrad;
  readonly DiptychConv2d: FusedConv2d;
  readonly DiptychDepthwiseConv2d: FusedDepthwiseConv2d;
  readonly DiptychLayerNorm: FusedLayerNorm;
  readonly DiptychLayerNormGrad: FusedLayerNormGrad;
  readonly DiptychLinear: FusedLinear;
  readonly DiptychLinearGrad: FusedLinearGrad;
  readonly DiptychPatchify: FusedPatchify;
  readonly DiptychPairBlocks: PairBlocks;
  readonly DiptychRecurrent: FusedRecurrent;
  readonly DiptychRecurrentGrad: FusedRecurrentGrad;
  readonly DiptychRunOver: RunOver;
  readonly DiptychSelfAttention: FusedSelfAttention;
  readonly DiptychSelfAttentionGrad: FusedSelfAttentionGrad;
}

/** Activations by the names of configuration files. */
export type FusedActivation =
  | 'quick_gelu'
  | 'gelu'
  | 'gelu_pytorch_tanh'
  | 'relu'
  | 'silu'
  | 'relu6'
  | 'hardswish'
  | 'hardsigmoid';

/** `activation(x)`, in the shape of `x`. */
export interface FusedActivate {
  readonly inputs: { readonly x: TensorInfo };
  readonly attrs: { readonly activation: FusedActivation };
}

/**
 * One step of Adam: gives the value times `keep` less `rate · mean / (√square · correction + epsilon)`, the mean, which
 * keeps `first` of the old one, and the square, which keeps `second`. All have one shape.
 */
export interface FusedAdam {
  readonly inputs: {
    readonly value: TensorInfo;
    readonly gradient: TensorInfo;
    readonly mean: TensorInfo;
    readonly square: TensorInfo;
  };
  readonly attrs: Readonly<Record<'first' | 'second' | 'keep' | 'rate' | 'correction' | 'epsilon', number>>;
}

/**
 * Channels, the last axis, to mean 0 and population variance 1 over the other axes, times `weight` plus `bias`; gives the
 * result, the means and the variances.
 */
export interface FusedBatchNorm {
  readonly inputs: FusedLayerNorm['inputs'];
  readonly attrs: FusedLayerNorm['attrs'];
}

/** As `FusedLinear`, of what square filters `[size, size, inputs, outputs]` meet in `x` `[n, height, width, inputs]`. */
export interface FusedConv2d {
  readonly inputs: Omit<FusedLinear['inputs'], 'weight'> & { readonly filter: TensorInfo };
  readonly attrs: FusedDepthwiseConv2d['attrs'];
}

/**
 * `activation(filtered + bias)`: each channel of `x` `[n, height, width, channels]` by square filters of its own, `[size, size,
 * channels, times]`, to `[n, height, width, channels · times]`. `padding` zeros are on every side.
 */
export interface FusedDepthwiseConv2d {
  readonly inputs: { readonly x: TensorInfo; readonly filter: TensorInfo; readonly bias?: TensorInfo | undefined };
  readonly attrs: {
    readonly stride: number;
    readonly padding: number;
    readonly activation?: FusedActivation | undefined;
  };
}

/** Rows of the last axis to mean 0 and population variance 1, times `weight` plus `bias`. */
export interface FusedLayerNorm {
  readonly inputs: { readonly x: TensorInfo; readonly weight: TensorInfo; readonly bias: TensorInfo };
  readonly attrs: { readonly epsilon: number };
}

/** `activation(x · weight · scale + bias) + residual` over the last axis of `x`; weight `[inputs, outputs]`, after ones or not. */
export interface FusedLinear {
  readonly inputs: {
    readonly x: TensorInfo;
    readonly weight: TensorInfo;
    /** `[outputs]`, as `bias`. */
    readonly scale?: TensorInfo | undefined;
    readonly bias?: TensorInfo | undefined;
    /** In the shape of the result. */
    readonly residual?: TensorInfo | undefined;
  };
  readonly attrs: {
    readonly activation?: FusedActivation | undefined;
    /** Outputs that the result has alone, from a multiple of eight to before one or the last; default all. There is no residual then. */
    readonly columns?: readonly [from: number, end: number] | undefined;
  };
}

/**
 * Gives `run` the numbers of `x`, and room for as many, zeros, which become the result. It may keep neither. `passes` work
 * on these arrays and no others.
 */
export interface RunOver {
  readonly inputs: { readonly x: TensorInfo };
  readonly attrs: { readonly run: (x: Float32Array, result: Float32Array, passes: ScorePasses) => void };
}

/** Of each line of a matrix of logits: the largest, and the sum of `exp(logit - largest)`; NaN where there is NaN. */
export interface LineSums {
  readonly tops: Float64Array;
  readonly sums: Float64Array;
}

/** Both kinds of lines of a matrix. */
export interface PairSums {
  readonly rows: LineSums;
  readonly columns: LineSums;
}

/** What losses read of scores `[rows, columns]`, row-major, and write of the same shape, in one pass. */
export interface ScorePasses {
  /** Of logits `scale · scores`. */
  softmaxSums(scores: Float32Array, columns: number, scale: number): PairSums;
  /**
   * To `slopes`, the softmax of such logits along rows times the first weight, and along columns times the second, added up.
   * `sums` may be those of a larger matrix.
   *
   * @returns The sum of the slopes times the scores.
   */
  softmaxSlopes(
    scores: Float32Array,
    slopes: Float32Array,
    of: { readonly scale: number; readonly sums: PairSums; readonly weights: readonly [rows: number, columns: number] },
  ): number;
  /**
   * Of logits `scale · scores + bias`: `weight · log(1 + exp(logit))`, or of `-logit` for pairs, row `i` and column `i - first`.
   * The slopes by logits go to `slopes`.
   *
   * @returns The sum of these, of the slopes times the scores, and of the slopes.
   */
  sigmoid(
    scores: Float32Array,
    slopes: Float32Array,
    of: {
      readonly columns: number;
      readonly first: number;
      readonly scale: number;
      readonly bias: number;
      readonly weight: number;
    },
  ): { readonly loss: number; readonly scale: number; readonly bias: number };
}

/** Some columns of a score matrix. */
export interface ScoreBlock {
  /** First of them; how many there are. */
  readonly at: number;
  readonly count: number;
  /** Dot products with every row, `[n, count]`. */
  readonly scores: Float32Array;
  readonly passes: ScorePasses;
}

/**
 * Gives `read`, and when all are read `write`, the scores of the rows of `a` `[n, d]` with `chunk` rows of `b` `[n, d]` at a time,
 * in any order. `write` makes a matrix `w` like them; the results are the sum of all `w · b` and, with those of all blocks
 * below one another, `wᵀ · a`. None without `gradients`.
 */
export interface PairBlocks {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: {
    readonly chunk: number;
    readonly read?: ((block: ScoreBlock) => void) | undefined;
    readonly write?: ((block: ScoreBlock, w: Float32Array) => void) | undefined;
    readonly gradients: boolean;
  };
}

/** `[n, height, width, channels]` to `[n, patches, patch * patch * channels]`, whole patches in reading order. */
export interface FusedPatchify {
  readonly inputs: { readonly pixels: TensorInfo };
  readonly attrs: { readonly patch: number };
}

/**
 * `softmax(q kᵀ / √size + mask) v` in each head, `[n, length, 3 * width]` to `[n, length, width]`; queries, keys and
 * values lie side by side. The mask `[n, heads, length, length]` may have size 1 in its first three axes.
 *
 * With `lengths`, items of these stand one after another in `[1, sum of lengths, 3 * width]`, and each begins with the
 * mask `[1, heads, longest, longest]`.
 */
export interface FusedSelfAttention {
  readonly inputs: { readonly qkv: TensorInfo; readonly mask?: TensorInfo | undefined };
  readonly attrs: { readonly heads: number; readonly lengths?: readonly number[] | undefined };
}

/**
 * One direction of a recurrent layer over `x` `[n, length, inputs]`, from zero states, with PyTorch's gates side by side;
 * where `mask` `[n, length]` is 0, a text does not take a step. Gives `[n, length, states * hidden]`, 0 where the mask is,
 * with the cells of `lstm` behind its states, and what the gradient needs besides.
 */
export interface FusedRecurrent {
  readonly inputs: {
    readonly x: TensorInfo;
    readonly inputWeight: TensorInfo;
    readonly inputBias: TensorInfo;
    readonly hiddenWeight: TensorInfo;
    readonly hiddenBias: TensorInfo;
    readonly mask: TensorInfo;
  };
  readonly attrs: {
    readonly kind: 'gru' | 'lstm';
    readonly direction: 'forward' | 'backward';
    /** Where `x` is `[rows, inputs]`: the row of each place in `[n, length]`. */
    readonly rows?: Int32Array;
  };
}

/** The gradients of `FusedRecurrent` by `x`, the weight and bias of the inputs, those of the states. */
export interface FusedRecurrentGrad {
  readonly inputs: Omit<FusedRecurrent['inputs'], 'inputBias' | 'hiddenBias'> & {
    readonly dy: TensorInfo;
    /** As `FusedRecurrent` gives them behind its result. */
    readonly gates: TensorInfo;
    readonly products: TensorInfo;
    readonly states: TensorInfo;
  };
  readonly attrs: FusedRecurrent['attrs'];
}

/** The gradient of `FusedActivate` by `x`, from `dy`, that by its result. */
export interface FusedActivateGrad {
  readonly inputs: FusedActivate['inputs'] & { readonly dy: TensorInfo };
  readonly attrs: FusedActivate['attrs'];
}

/** The gradients of `FusedBatchNorm`'s result by `x`, weight and bias. */
export interface FusedBatchNormGrad {
  readonly inputs: FusedLayerNormGrad['inputs'];
  readonly attrs: FusedBatchNorm['attrs'];
}

/** The gradients of `FusedLayerNorm` by `x`, weight and bias. */
export interface FusedLayerNormGrad {
  readonly inputs: { readonly x: TensorInfo; readonly weight: TensorInfo; readonly dy: TensorInfo };
  readonly attrs: FusedLayerNorm['attrs'];
}

/** The gradients of `FusedLinear`, without activation and residual, by `x`, weight and bias. */
export interface FusedLinearGrad {
  readonly inputs: { readonly x: TensorInfo; readonly weight: TensorInfo; readonly dy: TensorInfo };
  readonly attrs: { readonly [name: string]: never };
}

/** The gradient of `FusedSelfAttention` by `qkv`, and by the mask if there is one, `[n, heads, length, length]` always. */
export interface FusedSelfAttentionGrad {
  readonly inputs: FusedSelfAttention['inputs'] & { readonly dy: TensorInfo };
  readonly attrs: { readonly heads: number };
}
