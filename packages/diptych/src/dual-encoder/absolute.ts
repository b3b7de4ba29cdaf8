import type { Encoder } from '@diptych/core';
import { abs, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Plan } from '../model-plan.ts';
import type { ImageTowerPlan } from './image-tower.ts';
import type { TextTowerPlan } from './text-tower.ts';

/** The tower without the signs of what it gives, as order embeddings are; Vendrov et al. 2016, arXiv:1511.06361. */
export function absoluteTexts(plan: TextTowerPlan): TextTowerPlan {
  return made(plan, absolute);
}

/** The same of images. */
export function absoluteImages(plan: ImageTowerPlan): ImageTowerPlan {
  if (plan.reads === 'pixels') return made(plan, absolute);
  return made(plan, (encoder) => ({
    ...absolute(encoder),
    project: (features: Tensor2D) => abs(encoder.project(features)),
  }));
}

/** The plan, with what it makes changed. */
function made<T, Options, P extends Plan<T, Options>>(plan: P & Plan<T, Options>, change: (one: T) => T): P {
  return { ...plan, make: (model, path, options) => change(plan.make(model, path, options)) };
}

function absolute<Batch>(encoder: Encoder<Batch>): Encoder<Batch> {
  return { ...encoder, forward: (batch) => abs(encoder.forward(batch)) };
}
