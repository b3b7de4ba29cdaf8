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
import { linear, type Linear, type ParamsOf, type Spec } from '@diptych/nn';
import { type Image, imageProcessor } from '@diptych/preprocessing/image';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** An image tower that reads pixels, before its weights are there. */
export interface PixelTowerPlan<S extends Spec = Spec> {
  readonly reads: 'pixels';
  readonly spec: S;
  readonly preprocess: Preprocessor<Image, ImageBatch>;
  encoder(params: ParamsOf<S>, options?: ConvNetOptions): Encoder<ImageBatch>;
}

/** A head over features that a frozen network gave. */
export interface FeatureTowerPlan {
  readonly reads: 'features';
  readonly spec: Linear;
  /** `[n, dim]` of features `[n, inputs]`. */
  project(params: ParamsOf<Linear>, features: Tensor2D): Tensor2D;
  encoder(params: ParamsOf<Linear>): Encoder<FeatureBatch>;
}

export type ImageTowerPlan = PixelTowerPlan | FeatureTowerPlan;

const kinds: Readonly<Record<string, (config: ConfigReader, dim: number) => ImageTowerPlan>> = {
  features(reader, dim) {
    reader.only('kind', 'inputs');
    const config = { inputs: reader.count('inputs'), dim };
    return {
      reads: 'features',
      spec: featureProjectionSpec(config),
      project: linear,
      encoder: (p) => featureProjection(config, p),
    };
  },
  cnn(reader, dim) {
    reader.only('kind', 'size', 'widths');
    const config = { widths: reader.has('widths') ? reader.counts('widths') : [32, 64, 128], dim };
    const preprocess = square(reader.count('size', 64));
    return pixels({
      reads: 'pixels',
      spec: smallCnnSpec(config),
      preprocess,
      encoder: (p, how) => smallCnn(config, p, how),
    });
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
    return pixels({
      reads: 'pixels',
      spec: vitSpec(config),
      preprocess: square(config.imageSize),
      encoder: (p) => vit(config, p),
    });
  },
};

/** @throws {EmbeddingError} `CONFIG_INVALID` naming the field. */
export function imageTower(config: ConfigReader, dim: number): ImageTowerPlan {
  return config.choice('kind', kinds)(config, dim);
}

function pixels<S extends Spec>(plan: PixelTowerPlan<S>): PixelTowerPlan {
  return plan;
}

/** Both sides in pixels, values in `[-1, 1]`. */
function square(size: number): Preprocessor<Image, ImageBatch> {
  const half = [0.5, 0.5, 0.5] as const;
  const resize = { mode: 'exact', width: size, height: size, filter: 'bilinear' } as const;
  return imageProcessor({ toRgb: 'before', resize, rescale: 1 / 255, mean: half, std: half });
}
