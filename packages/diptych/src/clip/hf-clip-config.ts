import type { TransformerConfig } from '@diptych/nn';
import { configReader, type ConfigReader } from '../config-reader.ts';
import type { Json } from '../model-json.ts';
import type { ClipConfig } from './clip-model.ts';

/** `config.json` of transformers' `CLIPModel`. What it leaves out has transformers' defaults. */
export function hfClipConfig(json: Json, where: string): ClipConfig {
  const config = configReader(json, where);
  const dim = config.count('projection_dim', 512);
  const text = towerConfig(config, 'text_config');
  const image = towerConfig(config, 'vision_config');
  return {
    text: {
      ...transformerConfig(text, { width: 512, layers: 12, heads: 8, mlpWidth: 2048 }),
      vocabSize: text.count('vocab_size', 49408),
      contextLength: text.count('max_position_embeddings', 77),
      endOfText: endOfText(text),
      dim,
    },
    image: {
      ...transformerConfig(image, { width: 768, layers: 12, heads: 12, mlpWidth: 3072 }),
      imageSize: image.count('image_size', 224),
      patchSize: image.count('patch_size', 32),
      positionResize: 'hf',
      dim,
    },
  };
}

/** Files of 2021 and 2022 repeat a tower as `*_config_dict`, which transformers completes and prefers as a whole. */
function towerConfig(config: ConfigReader, field: string): ConfigReader {
  return config.object(config.has(`${field}_dict`) ? `${field}_dict` : field);
}

function transformerConfig(
  tower: ConfigReader,
  defaults: Pick<TransformerConfig, 'width' | 'layers' | 'heads' | 'mlpWidth'>,
): TransformerConfig {
  return {
    width: tower.count('hidden_size', defaults.width),
    layers: tower.count('num_hidden_layers', defaults.layers),
    heads: tower.count('num_attention_heads', defaults.heads),
    mlpWidth: tower.count('intermediate_size', defaults.mlpWidth),
    activation: tower.string('hidden_act', 'quick_gelu'),
    layerNormEpsilon: tower.number('layer_norm_eps', 1e-5),
  };
}

/** The configurations that OpenAI published say 2, which is no end of text: transformers then takes the largest id. */
function endOfText(text: ConfigReader): number | 'largest' {
  const id = text.count('eos_token_id', 49407);
  return id === 2 ? 'largest' : id;
}
