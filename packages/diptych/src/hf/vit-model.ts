import { refuseSettings } from '@diptych/core';
import { featureVit, featureVitSpec, hfVitNames } from '@diptych/image-encoder';
import { imagePlan, loadPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { squareSide } from '../square-side.ts';
import { hfImageProcessor } from './image-processor.ts';
import { belowClassifier, type Opener } from './later.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTransformerConfig } from './transformer-config.ts';

const defaults = { width: 768, layers: 12, heads: 12, mlpWidth: 3072, activation: 'gelu', layerNormEpsilon: 1e-12 };

/** What transformers' `ViTModel` would do otherwise. */
const neutral = { qkv_bias: [true], pooler_act: ['tanh'] };

/** The pooler is a part of the embedding where the file has it, as in transformers. */
export const openVit: Opener = async (json, files, options) => {
  const read = hfModelConfig(json, `${files.id}/config.json`);
  refuseSettings(read, neutral);
  const imageSize = squareSide(read, 'image_size', 224);
  const checkpoint = await openWeights(files, options.signal);
  const config = {
    ...hfTransformerConfig(read, defaults),
    imageSize,
    patchSize: squareSide(read, 'patch_size', 16),
    positionResize: 'hf',
    pooler: checkpoint.names.has('pooler.dense.weight'),
  } as const;
  const run = options.blocks?.(config);
  const fallback = { image_processor_type: 'ViTImageProcessor', size: imageSize };
  const image = imagePlan({
    spec: featureVitSpec(config),
    names: belowClassifier('vit', hfVitNames, checkpoint),
    preprocess: await hfImageProcessor(files, { fallback, largest: imageSize }, options.signal),
    encoder: (params) => featureVit(config, params, run),
  });
  return loadPlan(checkpoint, { towers: { image } }, options);
};
