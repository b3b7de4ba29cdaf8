import type { Encoder, TextBatch } from '@diptych/core';
import {
  gelu,
  type LayerNorm,
  layerNorm,
  layerNormSpec,
  linear,
  type Linear,
  linearSpec,
  lookup,
  type LookupParam,
  type Mlp,
  mlp,
  mlpSpec,
  normal,
  type ParamsOf,
  variablesOf,
} from '@diptych/nn';
import type { EmojiConfig } from './config.ts';
import { featureBag } from './feature-bag.ts';

const epsilon = 1e-5;

/** `features` is `[buckets, width]`. */
export type TextTower = {
  readonly features: LookupParam;
  readonly norm: LayerNorm;
  readonly mlp: Mlp;
  readonly head: Linear;
};

export function textSpec({ dim, text: { buckets, width, hidden } }: EmojiConfig): TextTower {
  return {
    features: lookup(buckets, width, normal(0.05)),
    norm: layerNormSpec(width),
    mlp: mlpSpec(width, hidden, 0.02),
    head: linearSpec(width, dim),
  };
}

/** A bag of hashed features and one residual layer above it. */
export function textEncoder(config: EmojiConfig, params: ParamsOf<TextTower>): Encoder<TextBatch> {
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      const x = layerNorm(params.norm, featureBag(params.features, batch), epsilon);
      return linear(params.head, mlp(params.mlp, x, gelu, x));
    },
  };
}
