import {
  type ConfigReader,
  type Encoder,
  type FeatureBatch,
  type ImageBatch,
  mostLayers,
  type Preprocessor,
} from '@diptych/core';
import {
  type ConvNetOptions,
  featureProjection,
  featureProjectionSpec,
  smallCnn,
  smallCnnSpec,
  vit,
  vitSpec,
} from '@diptych/image-encoder';
import { linear, type Linear } from '@diptych/nn';
import { type Image, imageProcessor } from '@diptych/preprocessing/image';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { type Plan, plan } from '../model-plan.ts';

/** An image tower that reads pixels, before its weights are there. */
export interface PixelTowerPlan extends Plan<Encoder<ImageBatch>, ConvNetOptions | void> {
  readonly reads: 'pixels';
  readonly preprocess: Preprocessor<Image, ImageBatch>;
}

/** A head over features that a frozen network gave. */
export interface FeatureTowerPlan extends Plan<FeatureEncoder> {
  readonly reads: 'features';
  readonly spec: Linear;
}

export interface FeatureEncoder extends Encoder<FeatureBatch> {
  /** `[n, dim]` of features `[n, inputs]`, as the network gives them. */
  project(features: Tensor2D): Tensor2D;
}

export type ImageTowerPlan = PixelTowerPlan | FeatureTowerPlan;

const kinds: Readonly<Record<string, (config: ConfigReader, dim: number) => ImageTowerPlan>> = {
  features(reader, dim) {
    reader.only('kind', 'inputs');
    return featureTowerPlan(reader.count('inputs'), dim);
  },
  cnn(reader, dim) {
    reader.only('kind', 'size', 'widths');
    const config = { widths: reader.has('widths') ? reader.counts('widths') : [32, 64, 128], dim };
    const preprocess = square(reader.count('size', 64));
    const encoder = plan(smallCnnSpec(config), (p, how: ConvNetOptions | void) => smallCnn(config, p, how ?? {}));
    return { ...encoder, reads: 'pixels', preprocess };
  },
  vit(reader, dim) {
    reader.only('kind', 'size', 'patchSize', 'width', 'layers', 'heads', 'mlpWidth');
    const width = reader.count('width', 128);
    const config = {
      imageSize: reader.count('size', 64),
      patchSize: reader.count('patchSize', 8),
      width,
      layers: reader.count('layers', 2, mostLayers),
      heads: reader.count('heads', 4),
      mlpWidth: reader.count('mlpWidth', 4 * width),
      activation: 'gelu',
      layerNormEpsilon: 1e-5,
      positionResize: 'open_clip' as const,
      dim,
    };
    return { ...plan(vitSpec(config), (p) => vit(config, p)), reads: 'pixels', preprocess: square(config.imageSize) };
  },
};

/** A linear head of so many features. */
export function featureTowerPlan(inputs: number, dim: number): FeatureTowerPlan {
  const config = { inputs, dim };
  const spec = featureProjectionSpec(config);
  const encoder = plan(spec, (p) => ({
    ...featureProjection(config, p),
    project: (features: Tensor2D) => linear(p, features),
  }));
  return { ...encoder, spec, reads: 'features' };
}

/** @throws {EmbeddingError} `CONFIG_INVALID` naming the field. */
export function imageTowerPlan(config: ConfigReader, dim: number): ImageTowerPlan {
  return config.choice('kind', kinds)(config, dim);
}

/** Both sides in pixels, values in `[-1, 1]`. */
function square(size: number): Preprocessor<Image, ImageBatch> {
  const half = [0.5, 0.5, 0.5] as const;
  const resize = { mode: 'exact', width: size, height: size, filter: 'bilinear' } as const;
  return imageProcessor({ toRgb: 'before', resize, rescale: 1 / 255, mean: half, std: half });
}
