import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  type Attention,
  attentionSpec,
  crossAttention,
  gatedMlp,
  type GatedMlp,
  gatedMlpSpec,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  type Linear,
  linearSpec,
  type NameTable,
  normal,
  param,
  type Param,
  type ParamsOf,
  patchify,
  silu,
  tokensAt,
  type TransformerConfig,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { gatedBlock } from './gated-block.ts';
import { gridRotary } from './grid-rotary.ts';
import { checkSize, type PatchGrid, patchGrid, pixelsOf, repeated } from './image-batch.ts';

/**
 * The image network of Nomic Embed Vision, Nussbaum et al. 2024, arXiv:2406.18587, which shares its space with the network of
 * texts: the blocks of EVA-02, and a latent that reads all tokens for the class token. Embeddings are as long as it is wide.
 */
export interface NomicVisionConfig
  extends Omit<TransformerConfig, 'activation'>, Pick<PatchGrid, 'imageSize' | 'patchSize'> {
  /** Rows and columns of the grid to which places are scaled; 14 in the published one. */
  readonly reference: number;
}

type NomicVisionBlock = {
  readonly norm1: LayerNorm;
  readonly attention: Attention;
  readonly norm2: LayerNorm;
  readonly mlp: GatedMlp<Linear> & { readonly norm: LayerNorm };
};

export type NomicVision = {
  /** Of the values of a patch, `[3 * patchSize ** 2, width]`, channel by channel. */
  readonly patchEmbedding: Linear;
  /** `[width]`. */
  readonly classToken: Param<readonly [number]>;
  /** `[1 + patches, width]`, the class token's first. */
  readonly positions: Param<readonly [number, number]>;
  readonly blocks: readonly NomicVisionBlock[];
  readonly selector: {
    /** `[width]`. */
    readonly latent: Param<readonly [number]>;
    readonly attention: Attention;
    readonly norm: LayerNorm;
    readonly mlp: GatedMlp<Linear>;
  };
};

/** Of the norm within the perceptrons, whatever the others have. */
const hiddenEpsilon = 1e-5;

export function nomicVisionSpec(config: NomicVisionConfig): NomicVision {
  const { width, layers, mlpWidth, patchSize, imageSize } = expectMembers(
    config,
    'config',
    'width',
    'layers',
    'mlpWidth',
    'patchSize',
    'imageSize',
  );
  const init = normal(0.02);
  const mlp = () => gatedMlpSpec(width, mlpWidth, linearSpec);
  return {
    patchEmbedding: linearSpec(3 * patchSize ** 2, width, init),
    classToken: param([width], init),
    positions: param([1 + Math.floor(imageSize / patchSize) ** 2, width], init),
    blocks: Array.from({ length: layers }, () => ({
      norm1: layerNormSpec(width),
      attention: attentionSpec(width),
      norm2: layerNormSpec(width),
      mlp: { ...mlp(), norm: layerNormSpec(mlpWidth) },
    })),
    selector: {
      latent: param([width], init),
      attention: attentionSpec(width),
      norm: layerNormSpec(width),
      mlp: mlp(),
    },
  };
}

/**
 * Images of `imageSize` alone.
 *
 * `forward` throws `SHAPE_MISMATCH` for others and when their channels are not red, green, blue.
 */
export function nomicVision(config: NomicVisionConfig, params: ParamsOf<NomicVision>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.width,
    variables: variablesOf(params),
    forward: (batch) => selected(config, params, nomicVisionTokens(config, params, batch)),
  };
}

/** One vector for the class token and for each patch, `[n, 1 + patches, width]`, as the selector reads them. */
export function nomicVisionTokens(
  config: NomicVisionConfig,
  params: ParamsOf<NomicVision>,
  batch: ImageBatch,
): tf.Tensor3D {
  const { heads, width, patchSize, imageSize, reference, layerNormEpsilon } = expectMembers(config, 'config', 'heads');
  const { patchEmbedding, classToken, positions, blocks } = expectMembers(params, 'parameters', 'blocks');
  checkSize(batch, imageSize);
  const grid = patchGrid(batch, { patchSize });
  const how = { first: 'rows', origin: 0, reference } as const;
  const options = { heads, layerNormEpsilon, hiddenEpsilon, rotary: gridRotary(grid, width / heads, 1, how) };
  const patches = linear(patchEmbedding, byChannel(patchify(pixelsOf(batch), patchSize)));
  const tokens = tf.add<tf.Tensor3D>(tf.concat([repeated(classToken, batch.shape[0]), patches], 1), positions);
  return inTurn(
    blocks.map((block) => (x: tf.Tensor3D) => gatedBlock(block, x, options)),
    tokens,
  );
}

/** What the latent finds, added to the class token. */
function selected(
  { heads, width, layerNormEpsilon }: NomicVisionConfig,
  { selector: { latent, attention, norm, mlp } }: ParamsOf<NomicVision>,
  tokens: tf.Tensor3D,
): tf.Tensor2D {
  const [n] = tokens.shape;
  const residual = tokensAt(
    tokens,
    Array.from({ length: n }, () => 0),
  );
  const found = layerNorm(norm, crossAttention(attention, repeated(latent, n), tokens, { heads }), layerNormEpsilon);
  return tf.reshape(gatedMlp(mlp, found, { activation: silu, residual }), [n, width]);
}

/** The values of patches `[n, patches, pixels * 3]`, of which each pixel has three, as each channel has one for every pixel. */
function byChannel(patches: tf.Tensor3D): tf.Tensor3D {
  const [n, count, size] = patches.shape;
  const pixels = tf.reshape<tf.Rank.R3>(patches, [n * count, size / 3, 3]);
  return tf.reshape(tf.transpose(pixels, [0, 2, 1]), [n, count, size]);
}

const swiglu = (mlp: string) => ['fc12', 'fc11'].map((name) => `${mlp}.${name}`);

/** As nomic-ai publishes it: `NomicVisionModel`. */
export const nomicVisionNames: NameTable = {
  names: {
    patchEmbedding: 'embeddings.proj',
    classToken: 'embeddings.cls_token',
    positions: 'embeddings.pos_embed',
    'blocks.*': 'layers.*',
    'blocks.*.attention.inProj': 'layers.*.attn.Wqkv',
    'blocks.*.attention.outProj': 'layers.*.attn.out_proj',
    'blocks.*.mlp.fc1': swiglu('layers.*.mlp'),
    'selector.latent': 'selector.attn.latent',
    'selector.attention.inProj': ['Wq', 'Wkv'].map((name) => `selector.attn.${name}`),
    'selector.attention.outProj': 'selector.attn.out_proj',
    'selector.norm': 'selector.norm1',
    'selector.mlp.fc1': swiglu('selector.mlp'),
    'selector.mlp.fc2': 'selector.mlp.fc2',
  },
};
