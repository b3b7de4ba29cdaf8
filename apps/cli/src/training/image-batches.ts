import type { Encoder, FeatureBatch, ImageBatch } from '@diptych/core';
import type { Sample } from '@diptych/datasets';
import { joinImages } from '@diptych/preprocessing';
import { loadImage } from '@diptych/preprocessing/node';
import { trainingBatchNorm } from '@diptych/nn';
import type { ImageTowerPlan } from 'diptych';
import type { StoredFeatures } from './stored-features.ts';

/** What a tower reads of images. */
export type Images = FeatureBatch | ImageBatch;

/** A tower of images, whatever it reads. */
export interface ImageSide {
  readonly load: (samples: readonly Sample[], signal: AbortSignal) => Promise<Images>;
  /** As it is trained, and as it is used. */
  readonly encoders: (params: never) => Readonly<Record<'training' | 'trained', Encoder<never>>>;
}

/** @param features Of every image, for a tower that reads them. */
export function imageSide(plan: ImageTowerPlan, features?: StoredFeatures): ImageSide {
  if (plan.reads === 'features') {
    return {
      load: async (samples) => features!.of(samples.map(({ id }) => id)),
      encoders: (params) => ({ training: plan.encoder(params), trained: plan.encoder(params) }),
    };
  }
  return {
    load: async (samples, signal) => {
      const images = samples.map(async ({ image }) => loadImage(await image(signal), plan.preprocess, { signal }));
      return joinImages(await Promise.all(images));
    },
    encoders: (params) => ({
      training: plan.encoder(params, { normalize: trainingBatchNorm() }),
      trained: plan.encoder(params),
    }),
  };
}
