import {
  type Checkpoint,
  type ConfigReader,
  configReader,
  EmbeddingError,
  mostLayers,
  refuseSettings,
} from '@diptych/core';
import type { Files } from '@diptych/files';
import { eva02, type Eva02Config, eva02Spec, jinaClipVisionNames } from '@diptych/image-encoder';
import { jinaBert, type JinaBertConfig, jinaBertSpec, jinaClipTextNames } from '@diptych/text-encoder';
import type { ArchitectureOptions } from '../architecture.ts';
import { imagePlan, loadPlan, textPlan, type TowerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { squareSide } from '../square-side.ts';
import { hfImageProcessor } from './image-processor.ts';
import { jinaBertConfig } from './jina-bert-config.ts';
import type { Opener } from './later.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTokenizer } from './tokenizer.ts';

/** What Jina's own code would do otherwise. */
const neutral = { add_projections: [false], truncate_dim: [] };
const jinaBertFlash = 'jinaai/jina-bert-flash-implementation';
const neutralText = {
  default_instruction_task: [],
  default_lora_task: [],
  pooler_type: ['mean_pooler'],
  proj_type: [],
};
const neutralImage = {
  ls_init_value: [],
  naive_swiglu: [true],
  post_norm: [false],
  proj_type: [],
  qkv_bias: [true],
  rope_embeddings: [true],
  subln: [true],
  timm_model_name: [],
};

export const openJinaClip: Opener = async (json, files, options) => {
  const config = hfModelConfig(json, `${files.id}/config.json`);
  refuseSettings(config, neutral);
  const [text, vision] = [config.object('text_config'), config.object('vision_config')];
  refuseSettings(text, neutralText);
  const network = text.string('hf_model_name_or_path');
  if (network !== jinaBertFlash) {
    const where = `${text.where}: hf_model_name_or_path`;
    throw new EmbeddingError('UNSUPPORTED', { where, expected: jinaBertFlash, got: network });
  }
  const image = await imageOf(vision, files, options);
  const checkpoint = await openWeights(files, options.signal);
  const towers = { text: await textOf(text, checkpoint, files, options), image };
  return loadPlan(checkpoint, { towers, logScale: 'logit_scale' }, options);
};

async function imageOf(config: ConfigReader, files: Files, { signal }: ArchitectureOptions) {
  const image = jinaVisionConfig(config);
  const largest = image.imageSize;
  const fallback = {
    image_processor_type: 'CLIPImageProcessor',
    size: { shortest_edge: largest },
    crop_size: largest,
  };
  return imagePlan({
    spec: eva02Spec(image),
    names: jinaClipVisionNames,
    preprocess: await hfImageProcessor(files, { fallback, largest }, signal),
    encoder: (params) => eva02(image, params),
  });
}

function jinaVisionConfig(config: ConfigReader): Eva02Config {
  refuseSettings(config, neutralImage);
  const width = config.count('width', 768);
  const [imageSize, patchSize] = [squareSide(config, 'image_size', 224), squareSide(config, 'patch_size', 16)];
  const dim = config.count('embed_dim', width);
  if (dim !== width) {
    const got = `${dim} of ${width}`;
    throw new EmbeddingError('UNSUPPORTED', { where: `${config.where}: embed_dim`, expected: 'the width', got });
  }
  const grid = Math.floor(imageSize / patchSize);
  return {
    width,
    layers: config.count('layers', 12, mostLayers),
    heads: width / config.count('head_width', 64),
    mlpWidth: Math.floor(width * config.number('mlp_ratio', 2.6667)),
    layerNormEpsilon: 1e-6,
    imageSize,
    patchSize,
    positionResize: 'open_clip',
    norms: 'inner',
    reference: config.flag('intp_freq', true) ? config.count('pt_hw_seq_len', 16) : grid,
  };
}

async function textOf(
  text: ConfigReader,
  checkpoint: Checkpoint,
  files: Files,
  options: ArchitectureOptions,
): Promise<TowerPlan<string>> {
  const config = jinaTextConfig(text.object('hf_model_config_kwargs'), checkpoint);
  const { contextLength, vocabSize } = config;
  const sizes = { contextLength, vocabSize, padding: 'longest', usual: ['vocabText'] } as const;
  return textPlan({
    spec: jinaBertSpec(config),
    names: jinaClipTextNames,
    preprocess: await hfTokenizer(files, sizes, options),
    encoder: (params) => jinaBert(config, params),
  });
}

/** What `hf_model_name_or_path` names is another repository; this is its configuration as it was when this was written. */
const published = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 8192,
};

/** The words are as many as the file has vectors. */
function jinaTextConfig(changed: ConfigReader, checkpoint: Checkpoint): JinaBertConfig {
  const words = jinaClipTextNames.names['tokens'] as string;
  const vocabSize = checkpoint.names.has(words) ? checkpoint.shape(words)[0] : 30_528;
  const own = Object.fromEntries(changed.fields.map((field) => [field, changed.value(field)]));
  const config = configReader({ ...published, vocab_size: vocabSize, ...own }, changed.where);
  return { ...jinaBertConfig(config), pooling: 'mean' };
}
