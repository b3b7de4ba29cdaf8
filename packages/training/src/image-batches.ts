import type { Sample } from '@diptych/datasets';
import { joinImages } from '@diptych/preprocessing';
import { type Model, type Spec, trainingBatchNorm } from '@diptych/nn';
import { loadImage } from '#load-image';
import type { DualPlan } from './dual-plan.ts';
import type { Side } from './dual-batch.ts';
import type { NamedRows } from './named-rows.ts';

/** @param features Of every image, for a tower that reads them. */
export function imageSide(plan: DualPlan['image'], model: Model<Spec>, features?: NamedRows): Side<Sample> {
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
