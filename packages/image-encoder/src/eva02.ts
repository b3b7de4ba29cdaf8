import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  type BlockOptions,
  fine,
  gelu,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  type Linear,
  linearSpec,
  mlp,
  type Mlp,
  type NameTable,
  normal,
  param,
  type Param,
  type ParamsOf,
  patchEmbeddingSpec,
  type Projection,
  projectionSpec,
  selfAttention,
  tokensAt,
  type TransformerConfig,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { gatedBlock } from './gated-block.ts';
import { gridRotary } from './grid-rotary.ts';
import { type PatchGrid, patchGrid, type PlacedTokens, placedTokens } from './image-batch.ts';

/** The image tower of EVA02-CLIP, Sun et al. 2023, arXiv:2303.15389. */
export interface Eva02Config extends Omit<TransformerConfig, 'activation'>, PatchGrid {
  /**
   * `inner`: SwiGLU with as many gates as values, a norm in it and one in attention, and patches turned by their places.
   * `post`: the enormous one, whose norms are of what attention and a plain perceptron with GELU give.
   */
  readonly norms: 'inner' | 'post';
  /** Rows and columns to which places are scaled; 16 in the published ones. */
  readonly reference: number;
  /** Length of an embedding. Default the width, without a last layer. */
  readonly dim?: number | undefined;
}

type EvaAttention = {
  readonly inProj: Projection;
  /** `[2 * width]`, of queries and values: keys have none. */
  readonly inBias: Param<readonly [number]>;
  readonly norm?: LayerNorm;
  readonly outProj: Linear;
};

type EvaBlock = {
  readonly norm1: LayerNorm;
  readonly attention: EvaAttention;
  readonly norm2: LayerNorm;
  /** With a norm its first layer gives gates and values side by side. */
  readonly mlp: Mlp & { readonly norm?: LayerNorm };
};

export type Eva02 = PlacedTokens & {
  readonly blocks: readonly EvaBlock[];
  readonly postNorm: LayerNorm;
  readonly head?: Linear;
};

export function eva02Spec(config: Eva02Config): Eva02 {
  const { width, layers, mlpWidth, patchSize, imageSize, dim } = expectMembers(
    config,
    'config',
    'width',
    'layers',
    'mlpWidth',
    'patchSize',
    'imageSize',
  );
  const init = normal(0.02);
  const inner = config.norms === 'inner';
  return {
    patchEmbedding: patchEmbeddingSpec(patchSize, 3, width),
    classToken: param([width], init),
    positions: param([1 + Math.floor(imageSize / patchSize) ** 2, width], init),
    blocks: Array.from({ length: layers }, () => ({
      norm1: layerNormSpec(width),
      attention: {
        inProj: projectionSpec(width, 3 * width, init),
        inBias: param([2 * width], (size) => new Float32Array(size)),
        ...(inner && { norm: layerNormSpec(width) }),
        outProj: linearSpec(width, width, init),
      },
      norm2: layerNormSpec(width),
      mlp: {
        fc1: linearSpec(width, inner ? 2 * mlpWidth : mlpWidth, init),
        ...(inner && { norm: layerNormSpec(mlpWidth) }),
        fc2: linearSpec(mlpWidth, width, init),
      },
    })),
    postNorm: layerNormSpec(width),
    ...(dim !== undefined && { head: fine(linearSpec(width, dim, init)) }),
  };
}

/**
 * Images of any size that whole patches cover; for other sizes than `imageSize` the position embeddings are resized and
 * places are scaled.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 */
export function eva02(config: Eva02Config, params: ParamsOf<Eva02>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim ?? config.width,
    variables: variablesOf(params),
    forward(batch) {
      const at = Array.from({ length: batch.shape[0] }, () => 0);
      const row = tf.squeeze<tf.Tensor2D>(states(config, params, batch, at), [1]);
      return params.head ? linear(params.head, row) : row;
    },
  };
}

/** One vector for the class token and for each patch, `[n, 1 + patches, width]`, after the last norm. */
export function eva02Tokens(config: Eva02Config, params: ParamsOf<Eva02>, batch: ImageBatch): tf.Tensor3D {
  expectObjects({ config, batch });
  expectMembers(params, 'parameters', 'blocks');
  return states(config, params, batch);
}

type EvaOptions = Pick<BlockOptions, 'heads' | 'layerNormEpsilon' | 'rotary' | 'at'>;

function states(config: Eva02Config, params: ParamsOf<Eva02>, batch: ImageBatch, at?: readonly number[]): tf.Tensor3D {
  const { heads, width, reference, layerNormEpsilon } = config;
  const how = { first: 'rows', origin: 0, reference } as const;
  const inner = config.norms === 'inner';
  const rotary = inner ? gridRotary(patchGrid(batch, config), width / heads, 1, how) : undefined;
  const steps = params.blocks.map((block, i) => (x: tf.Tensor3D) => {
    const options = { heads, layerNormEpsilon, rotary, at: i + 1 < params.blocks.length ? undefined : at };
    return inner
      ? gatedBlock({ ...block, attention: biased(block.attention) }, x, options)
      : normedSumBlock(block, x, options);
  });
  return layerNorm(params.postNorm, inTurn(steps, placedTokens(config, params, batch)), layerNormEpsilon);
}

/** What attention and MLP give is normalised before it is added. */
function normedSumBlock(params: ParamsOf<EvaBlock>, x: tf.Tensor3D, options: EvaOptions): tf.Tensor3D {
  const { layerNormEpsilon: epsilon, at } = options;
  const found = layerNorm(params.norm1, selfAttention(biased(params.attention), x, options), epsilon);
  const attended = tf.add<tf.Tensor3D>(at ? tokensAt(x, at) : x, found);
  return tf.add(attended, layerNorm(params.norm2, mlp(params.mlp, attended, gelu), epsilon));
}

/** Attention whose keys have a bias of zeros. */
function biased({ inProj, inBias, ...others }: ParamsOf<EvaAttention>) {
  const [queries, values] = tf.split<tf.Tensor1D>(inBias, 2);
  const bias = tf.concat([queries!, tf.zerosLike(queries!), values!]);
  return { ...others, inProj: { ...inProj, bias } };
}

const trunk = 'visual.trunk';
const layer = `${trunk}.blocks.*`;

/** open_clip with timm's `eva02_*_clip_*`. */
export function openClipEva02Names(config: Pick<Eva02Config, 'norms'>): NameTable {
  const inner = expectMembers(config, 'config', 'norms').norms === 'inner';
  return {
    names: {
      patchEmbedding: `${trunk}.patch_embed.proj`,
      classToken: `${trunk}.cls_token`,
      positions: `${trunk}.pos_embed`,
      'blocks.*': layer,
      'blocks.*.attention.inProj': inner
        ? ['q', 'k', 'v'].map((name) => `${layer}.attn.${name}_proj`)
        : `${layer}.attn.qkv`,
      'blocks.*.attention.inBias': ['q', 'v'].map((name) => `${layer}.attn.${name}${inner ? '_proj.bias' : '_bias'}`),
      'blocks.*.attention.norm': `${layer}.attn.norm`,
      'blocks.*.attention.outProj': `${layer}.attn.proj`,
      ...(inner && { 'blocks.*.mlp.fc1': [`${layer}.mlp.fc1_g`, `${layer}.mlp.fc1_x`] }),
      postNorm: `${trunk}.norm`,
      head: `${trunk}.head`,
    },
  };
}

const own = 'vision_model.blocks.*';

/** The authors' names, as jina-clip-v1 has them: `inner` norms, no head. */
export const jinaClipVisionNames: NameTable = {
  names: {
    patchEmbedding: 'vision_model.patch_embed.proj',
    classToken: 'vision_model.cls_token',
    positions: 'vision_model.pos_embed',
    'blocks.*': own,
    'blocks.*.attention.inProj': ['q', 'k', 'v'].map((name) => `${own}.attn.${name}_proj`),
    'blocks.*.attention.inBias': ['q', 'v'].map((name) => `${own}.attn.${name}_bias`),
    'blocks.*.attention.norm': `${own}.attn.inner_attn_ln`,
    'blocks.*.attention.outProj': `${own}.attn.proj`,
    'blocks.*.mlp.fc1': ['w1', 'w2'].map((name) => `${own}.mlp.${name}`),
    'blocks.*.mlp.norm': `${own}.mlp.ffn_ln`,
    'blocks.*.mlp.fc2': `${own}.mlp.w3`,
    postNorm: 'vision_model.norm',
  },
  // Computed anew.
  ignore: ['**.rope.freqs_cos', '**.rope.freqs_sin'],
};
