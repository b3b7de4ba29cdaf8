import { type ConfigReader, EmbeddingError, mostLayers } from '@diptych/core';
import { hfResnetNames, resnet, type ResnetConfig, resnetSpec } from '@diptych/image-encoder';
import { type NameTable, prefixNames } from '@diptych/nn';
import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { imagePlan, loadPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { hfModelConfig } from './model-config.ts';
import { hfImageProcessor } from './image-processor.ts';

/** Features of a ResNet as Hugging Face publishes it, without its classifier: `config.json` of model type `resnet`. */
export const hfResnet: Architecture = {
  version: 1,
  name: 'resnet',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    if (json?.['model_type'] !== 'resnet') return undefined;
    const config = resnetConfig(hfModelConfig(json, `${files.id}/config.json`));
    const fallback = { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 224 } };
    const checkpoint = await openWeights(files, options.signal);
    const classifies = checkpoint.names.has('classifier.1.weight');
    const image = imagePlan({
      spec: resnetSpec(config),
      names: classifies ? classifierNames : hfResnetNames,
      preprocess: await hfImageProcessor(files, { fallback }, options.signal),
      encoder: (params) => resnet(config, params),
    });
    return loadPlan(checkpoint, { towers: { image } }, options);
  },
};

/** `ResNetForImageClassification`, whose features alone are read. */
const classifierNames: NameTable = {
  ...prefixNames('resnet.', hfResnetNames),
  ignore: ['**.num_batches_tracked', 'classifier.1.weight', 'classifier.1.bias'],
};

function resnetConfig(config: ConfigReader): ResnetConfig {
  const block = config.string('layer_type', 'bottleneck');
  const other = ['downsample_in_first_stage', 'downsample_in_bottleneck'].find((field) => config.flag(field, false));
  if (other || (block !== 'basic' && block !== 'bottleneck') || config.string('hidden_act', 'relu') !== 'relu') {
    const got = other ?? `${block}, ${config.string('hidden_act', 'relu')}`;
    throw new EmbeddingError('UNSUPPORTED', {
      where: config.where,
      expected: 'basic or bottleneck blocks with relu',
      got,
    });
  }
  const widths = config.has('hidden_sizes') ? config.counts('hidden_sizes') : [256, 512, 1024, 2048];
  const depths = config.has('depths') ? config.counts('depths', mostLayers) : [3, 4, 6, 3];
  if (widths.length !== depths.length) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: `${config.where}: depths`,
      expected: `one of each of the ${widths.length} hidden_sizes`,
      got: depths.length,
    });
  }
  return { stemWidth: config.count('embedding_size', 64), widths, depths, block };
}
