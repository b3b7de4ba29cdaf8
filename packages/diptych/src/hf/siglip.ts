import { hfSiglipVisionNames, siglipVit, siglipVitSpec } from '@diptych/image-encoder';
import { hfSiglipTextNames, siglipText, siglipTextSpec } from '@diptych/text-encoder';
import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, towerPlan } from '../model-plan.ts';
import { hfImageProcessor } from './image-processor.ts';
import { hfSiglipConfig } from './siglip-config.ts';
import { hfTokenizer } from './tokenizer.ts';

/** SigLIP, and SigLIP 2 of a fixed resolution, as Hugging Face publishes them: `config.json` of model type `siglip`. */
export const hfSiglip: Architecture = {
  name: 'siglip',
  async open(files, options) {
    const { signal } = options;
    const json = await readJson(files, 'config.json', signal);
    if (json?.['model_type'] !== 'siglip') return undefined;
    const { text, image } = hfSiglipConfig(json, `${files.id}/config.json`);
    const processor = { image_processor_type: 'SiglipImageProcessor', size: image.imageSize };
    const plan: ModelPlan = {
      text: towerPlan({
        spec: siglipTextSpec(text),
        names: hfSiglipTextNames,
        preprocess: await hfTokenizer(files, { contextLength: text.contextLength, padding: 'max_length' }, signal),
        encoder: (params) => siglipText(text, params),
      }),
      image: towerPlan({
        spec: siglipVitSpec(image),
        names: hfSiglipVisionNames,
        preprocess: await hfImageProcessor(files, processor, signal),
        encoder: (params) => siglipVit(image, params),
      }),
      logScale: 'logit_scale',
      bias: 'logit_bias',
    };
    return loadPlan(files, plan, options);
  },
};
