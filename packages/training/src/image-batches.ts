import type { Sample } from '@diptych/datasets';
import { joinImages } from '@diptych/preprocessing';
import { type Model, type Spec, trainingBatchNorm } from '@diptych/nn';
import { changing } from './augment/augmented.ts';
import type { Augmentation } from './augment/augmentation.ts';
import { loadImage } from '#load-image';
import type { DualPlan } from './dual-plan.ts';
import type { Side } from './dual-batch.ts';
import type { NamedRows } from './named-rows.ts';

export interface ImageSideOptions {
  /** Of every image, for a tower that reads them. */
  readonly features?: NamedRows | undefined;
  /** What happens to images that have a seed. Default nothing. */
  readonly augment?: Augmentation | undefined;
}

export function imageSide(
  plan: DualPlan['image'],
  model: Model<Spec>,
  { features, augment }: ImageSideOptions,
): Side<Sample> {
  if (plan.reads === 'features') {
    const encoder = plan.make(model, 'image');
    return {
      load: async (samples) => {
        const batch = features!.of(samples.map(({ id }) => id));
        return () => encoder.forward(batch);
      },
    };
  }
  const change = augment && changing(augment, plan.preprocess);
  const encoders = {
    training: plan.make(model, 'image', { normalize: trainingBatchNorm() }),
    trained: plan.make(model, 'image'),
  };
  return {
    load: async (samples, signal, seeds) => {
      const images = samples.map(async ({ image }, i) => {
        const seed = seeds?.[i];
        const preprocess: typeof plan.preprocess =
          seed === undefined || !change
            ? plan.preprocess
            : async ([pixels]) => plan.preprocess([await change(pixels!, seed)], signal);
        return loadImage(await image(signal), preprocess, { signal });
      });
      const batch = joinImages(await Promise.all(images));
      return (how) => encoders[how].forward(batch);
    },
  };
}
