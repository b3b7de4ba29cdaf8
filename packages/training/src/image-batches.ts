import type { Sample } from '@diptych/datasets';
import { joinImages } from '@diptych/preprocessing';
import { type Model, type Spec, trainingBatchNorm } from '@diptych/nn';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { loadImage } from '#load-image';
import type { DualPlan } from './dual-plan.ts';
import type { NamedRows } from './named-rows.ts';

/** Rows of images that are loaded, by their tower as it is trained or as it is used. */
export type Images = (how: 'training' | 'trained') => Tensor2D;

/** A tower of images, whatever it reads. */
export interface ImageSide {
  readonly load: (samples: readonly Sample[], signal?: AbortSignal) => Promise<Images>;
}

/** @param features Of every image, for a tower that reads them. */
export function imageSide(plan: DualPlan['image'], model: Model<Spec>, features?: NamedRows): ImageSide {
  if (plan.reads === 'features') {
    const encoder = plan.make(model, 'image');
    return {
      load: async (samples) => {
        const batch = features!.of(samples.map(({ id }) => id));
        return () => encoder.forward(batch);
      },
    };
  }
  const encoders = {
    training: plan.make(model, 'image', { normalize: trainingBatchNorm() }),
    trained: plan.make(model, 'image'),
  };
  return {
    load: async (samples, signal) => {
      const images = samples.map(async ({ image }) => loadImage(await image(signal), plan.preprocess, { signal }));
      const batch = joinImages(await Promise.all(images));
      return (how) => encoders[how].forward(batch);
    },
  };
}
