import type { Checkpoint } from '@diptych/core';
import type { Files } from '@diptych/files';
import { hfSiglipVisionNames, siglipVit, siglipVitSpec } from '@diptych/image-encoder';
import { hfSiglipTextNames, siglipText, type SiglipTextConfig, siglipTextSpec } from '@diptych/text-encoder';
import type { Architecture, ArchitectureOptions } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { imagePlan, loadPlan, type ModelPlan, textPlan, type TowerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { hfImageProcessor } from './image-processor.ts';
import { hfSiglipConfig } from './siglip-config.ts';
import { hfTokenizer } from './tokenizer.ts';

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

async function siglipTextPlan(
  config: SiglipTextConfig,
  files: Files,
  options: ArchitectureOptions,
): Promise<TowerPlan<string>> {
  const { contextLength, vocabSize } = config;
  const tokenizer = { contextLength, vocabSize, padding: 'max_length', usual: ['spiece'] } as const;
  return textPlan({
    spec: siglipTextSpec(config),
    names: hfSiglipTextNames,
    preprocess: await hfTokenizer(files, tokenizer, options),
    encoder: (params) => siglipText(config, params),
  });
}

/** Of some models only the image tower is published. */
function isImageTower({ names }: Checkpoint): boolean {
  return [...names].every((name) => name.startsWith('vision_model.'));
}
