import type { Checkpoint } from '@diptych/core';
import { hfSiglipVisionNames, siglipVit, siglipVitSpec } from '@diptych/image-encoder';
import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { imagePlan, loadPlan, type ModelPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { hfImageProcessor } from './image-processor.ts';
import { hfSiglipConfig } from './siglip-config.ts';
import { siglipTextPlan } from './siglip-text-plan.ts';

/** SigLIP, and SigLIP 2 of a fixed resolution, as Hugging Face publishes them: `config.json` of model type `siglip`. */
export const hfSiglip: Architecture = {
  version: 1,
  name: 'siglip',
  async open(files, options) {
    const { signal } = options;
    const json = await readJson(files, 'config.json', signal);
    if (json?.['model_type'] !== 'siglip') return undefined;
    const { text, image } = hfSiglipConfig(json, `${files.id}/config.json`);
    const fallback = { image_processor_type: 'SiglipImageProcessor', size: image.imageSize };
    // Positions are resized for images of another size, within reason.
    const largest = Math.max(512, 4 * image.imageSize);
    const imageTower = imagePlan({
      spec: siglipVitSpec(image),
      names: hfSiglipVisionNames,
      preprocess: await hfImageProcessor(files, { fallback, largest }, signal),
      encoder: (params) => siglipVit(image, params),
    });
    const textTower = await siglipTextPlan(text, files, options);
    const checkpoint = await openWeights(files, signal);
    const towers = { text: textTower, image: imageTower };
    const whole: ModelPlan = { towers, logScale: 'logit_scale', bias: 'logit_bias' };
    return loadPlan(checkpoint, isImageTower(checkpoint) ? { towers: { image: imageTower } } : whole, options);
  },
};

/** Of some models only the image tower is published. */
function isImageTower({ names }: Checkpoint): boolean {
  return [...names].every((name) => name.startsWith('vision_model.'));
}
