import type { Encoder } from '@diptych/core';
import { abs } from '@tensorflow/tfjs-core';
import type { FeatureTowerPlan, ImageTowerPlan, PixelTowerPlan } from './image-tower.ts';
import type { TextTowerPlan } from './text-tower.ts';

/** The tower without the signs of what it gives, as order embeddings are; Vendrov et al. 2016, arXiv:1511.06361. */
export function absoluteTexts(plan: TextTowerPlan): TextTowerPlan {
  return { ...plan, encoder: (params) => absolute(plan.encoder(params)) };
}

/** The same of images. */
export function absoluteImages(plan: ImageTowerPlan): ImageTowerPlan {
  return plan.reads === 'pixels' ? absolutePixels(plan) : absoluteFeatures(plan);
}

function absolutePixels(plan: PixelTowerPlan): PixelTowerPlan {
  return { ...plan, encoder: (params, how) => absolute(plan.encoder(params, how)) };
}

function absoluteFeatures(plan: FeatureTowerPlan): FeatureTowerPlan {
  return {
    ...plan,
    project: (params, features) => abs(plan.project(params, features)),
    encoder: (params) => absolute(plan.encoder(params)),
  };
}

function absolute<Batch>(encoder: Encoder<Batch>): Encoder<Batch> {
  return { ...encoder, forward: (batch) => abs(encoder.forward(batch)) };
}
