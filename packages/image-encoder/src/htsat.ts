import { type AudioBatch, EmbeddingError, type Encoder, expectList, expectMembers, expectObjects } from '@diptych/core';
import {
  activation,
  type BatchNorm,
  batchNormNames,
  batchNormSpec,
  fine,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linearSpec,
  mlp,
  type Mlp,
  type NameTable,
  normFactors,
  type ParamsOf,
  patchEmbedding,
  type PatchEmbedding,
  patchEmbeddingSpec,
  stretchRows,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type SwinConfig, swinEpsilon, swinSpec, type SwinStage, swinStages } from './swin.ts';

/**
 * The sound tower of CLAP, Wu et al. 2023, arXiv:2211.06687: HTS-AT, Chen et al. 2022, arXiv:2202.00874, a Swin over the spectrum
 * as a square image, and two layers. Without the fusion of several spectra.
 */
export interface HtsatConfig extends Omit<SwinConfig, 'side'> {
  /** Side of the image in pixels. */
  readonly imageSize: number;
  /** Side of a patch in pixels. */
  readonly patchSize: number;
  /** Of a spectrum; they divide `imageSize`. */
  readonly bins: number;
  /** Length of an embedding. */
  readonly dim: number;
  /** Between the two layers. */
  readonly projectionActivation: string;
}

export type Htsat = {
  readonly batchNorm: BatchNorm;
  readonly patchEmbedding: PatchEmbedding;
  readonly patchNorm: LayerNorm;
  readonly stages: readonly SwinStage[];
  readonly norm: LayerNorm;
  readonly projection: Mlp;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` as `swinSpec`, and where neither bins nor patches divide the image. */
export function htsatSpec(config: HtsatConfig): Htsat {
  const { imageSize, patchSize, bins, width, depths, dim } = expectMembers(config, 'config', 'bins', 'depths');
  activation(config.projectionActivation);
  for (const [name, part] of Object.entries({ bins, patchSize })) {
    if (Number.isSafeInteger(imageSize / part)) continue;
    const expected = `a divisor of ${imageSize} pixels`;
    throw new EmbeddingError('CONFIG_INVALID', { where: `htsat: ${name}`, expected, got: part });
  }
  const last = width * 2 ** (depths.length - 1);
  return {
    batchNorm: batchNormSpec(bins),
    patchEmbedding: patchEmbeddingSpec(patchSize, 1, width),
    patchNorm: layerNormSpec(width),
    stages: swinSpec({ ...config, side: imageSize / patchSize }),
    norm: layerNormSpec(last),
    projection: { fc1: fine(linearSpec(last, dim)), fc2: fine(linearSpec(dim, dim)) },
  };
}

/**
 * Sounds of at most `imageSize ** 2 / bins` frames, one after the other: each is thousands of tokens.
 *
 * `forward` throws `SHAPE_MISMATCH` for more frames or other bins.
 */
export function htsat(config: HtsatConfig, params: ParamsOf<Htsat>): Encoder<AudioBatch> {
  expectObjects({ config, params });
  const forward = (batch: AudioBatch) =>
    mlp(
      params.projection,
      tf.mean<tf.Tensor2D>(htsatTokens(config, params, batch), 1),
      activation(config.projectionActivation),
    );
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      const [n, frames, bins] = checkSpectra(config, batch).shape;
      if (n === 1 || tf.engine().isTapeOn()) return forward(batch);
      const size = frames * bins;
      const rows = Array.from({ length: n }, (_, i) => {
        const spectra = batch.spectra.subarray(i * size, (i + 1) * size);
        return tf.tidy(() => forward({ spectra, shape: [1, frames, bins] }));
      });
      return tf.concat(rows);
    },
  };
}

/** One vector for each place of the last stage, `[n, places, width]`, after the last norm. */
export function htsatTokens(config: HtsatConfig, params: ParamsOf<Htsat>, batch: AudioBatch): tf.Tensor3D {
  const { imageSize, patchSize } = expectMembers(config, 'config', 'imageSize', 'patchSize');
  const { stages, norm } = expectMembers(params, 'parameters', 'batchNorm', 'patchEmbedding', 'stages', 'norm');
  const last = swinStages({ ...config, side: imageSize / patchSize }, stages, htsatPatches(config, params, batch));
  return layerNorm(norm, last, swinEpsilon);
}

/** One vector for each patch of the image, `[n, patches, width]`, before the first stage. */
export function htsatPatches(config: HtsatConfig, params: ParamsOf<Htsat>, batch: AudioBatch): tf.Tensor3D {
  const patches = patchEmbedding(params.patchEmbedding, spectrumImage(config, params.batchNorm, batch));
  return layerNorm(params.patchNorm, patches, swinEpsilon);
}

/** A spectrum, normalised by bins and stretched, as an image `[n, size, size, 1]`: parts of the time, one below the other. */
export function spectrumImage(config: HtsatConfig, norm: ParamsOf<BatchNorm>, batch: AudioBatch): tf.Tensor4D {
  const { imageSize, bins } = config;
  const { spectra, shape } = checkSpectra(config, batch);
  const { scale, bias } = normFactors(norm, swinEpsilon);
  const normed = tf.add<tf.Tensor3D>(tf.mul(tf.tensor3d(spectra, [...shape]), scale), bias);
  const parts = imageSize / bins;
  const stretched = stretchRows(normed, imageSize * parts);
  // [n, parts, time, bins] to [n, parts, bins, time]
  const turned = tf.transpose(tf.reshape(stretched, [shape[0], parts, imageSize, bins]), [0, 1, 3, 2]);
  return tf.reshape(turned, [shape[0], imageSize, imageSize, 1]);
}

function checkSpectra({ bins, imageSize }: HtsatConfig, batch: AudioBatch): AudioBatch {
  const { spectra, shape } = expectMembers(batch, 'sounds', 'spectra', 'shape');
  expectList(shape, 'sounds: shape');
  const [n, frames, own] = shape;
  const most = imageSize ** 2 / bins;
  const fits = Number.isSafeInteger(frames) && frames > 1 && frames <= most;
  if (own === bins && fits && n > 0 && spectra.length === n * frames * bins) return batch;
  const expected = `spectra [n, 2 to ${most}, ${bins}]`;
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: 'sounds',
    expected,
    got: `${spectra.length} values in [${shape}]`,
  });
}

const encoder = 'audio_model.audio_encoder';
const block = `${encoder}.layers.*.blocks.*`;

/** transformers: the sound tower of `ClapModel`. */
export const hfHtsatNames: NameTable = {
  names: {
    ...batchNormNames('batchNorm', `${encoder}.batch_norm`),
    patchEmbedding: `${encoder}.patch_embed.proj`,
    patchNorm: `${encoder}.patch_embed.norm`,
    'stages.*.blocks.*.norm1': `${block}.layernorm_before`,
    'stages.*.blocks.*.attention.inProj': ['query', 'key', 'value'].map((name) => `${block}.attention.self.${name}`),
    'stages.*.blocks.*.attention.outProj': `${block}.attention.output.dense`,
    'stages.*.blocks.*.relative': `${block}.attention.self.relative_position_bias_table`,
    'stages.*.blocks.*.norm2': `${block}.layernorm_after`,
    'stages.*.blocks.*.mlp.fc1': `${block}.intermediate.dense`,
    'stages.*.blocks.*.mlp.fc2': `${block}.output.dense`,
    'stages.*.downsample': `${encoder}.layers.*.downsample`,
    norm: `${encoder}.norm`,
    'projection.fc1': 'audio_projection.linear1',
    'projection.fc2': 'audio_projection.linear2',
  },
  ignore: [`${encoder}.batch_norm.num_batches_tracked`, `${block}.attention.self.relative_position_index`],
};
