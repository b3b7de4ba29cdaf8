import {
  chineseClipText,
  type ChineseClipTextConfig,
  chineseClipTextSpec,
  hfChineseClipTextNames,
} from '@diptych/text-encoder';
import type { Architecture } from '../architecture.ts';
import { checkProjection } from '../guards.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, textPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { hfBertConfig } from './bert-config.ts';
import { hfClipVisionConfig, towerConfig } from './clip-config.ts';
import { clipImagePlan } from './clip-image-plan.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTokenizer } from './tokenizer.ts';

/** Chinese-CLIP as Hugging Face publishes it: `config.json` of model type `chinese_clip`. */
export const hfChineseClip: Architecture = {
  version: 1,
  name: 'chinese_clip',
  async open(files, options) {
    const { signal } = options;
    const json = await readJson(files, 'config.json', signal);
    if (json?.['model_type'] !== 'chinese_clip') return undefined;
    const config = hfModelConfig(json, `${files.id}/config.json`);
    const dim = config.count('projection_dim', 512);
    const text: ChineseClipTextConfig = { ...hfBertConfig(towerConfig(config, 'text_config')), dim };
    const { contextLength, vocabSize } = text;
    const image = hfClipVisionConfig(towerConfig(config, 'vision_config'), dim);
    const towers = {
      text: textPlan({
        spec: chineseClipTextSpec(text),
        names: hfChineseClipTextNames,
        preprocess: await hfTokenizer(
          files,
          { contextLength, vocabSize, padding: 'longest', usual: ['vocabText'] },
          options,
        ),
        encoder: (params) => chineseClipText(text, params),
      }),
      image: await clipImagePlan(image, files, options),
    };
    const checkpoint = await openWeights(files, signal);
    await checkProjection(checkpoint, ['text_projection.weight', 'visual_projection.weight'], files.id);
    return loadPlan(checkpoint, { towers, logScale: 'logit_scale' }, options);
  },
};
