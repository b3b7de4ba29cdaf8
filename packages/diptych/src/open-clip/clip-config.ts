import type { VitConfig } from '@diptych/image-encoder';
import type { ClipTextConfig } from '@diptych/text-encoder';
import type { ConfigReader } from '../config-reader.ts';

/** `model_cfg` of `open_clip_config.json` for CLIP's own transformers, with open_clip's defaults. */
export function openClipConfig(model: ConfigReader): { readonly text: ClipTextConfig; readonly image: VitConfig } {
  return { text: openClipTextConfig(model), image: openClipVisionConfig(model) };
}

export function openClipTextConfig(model: ConfigReader): ClipTextConfig {
  const text = model.object('text_cfg');
  return {
    ...shared(model),
    ...widths(text, 512),
    heads: text.count('heads', 8),
    vocabSize: text.count('vocab_size', 49408),
    contextLength: text.count('context_length', 77),
    endOfText: 'largest',
  };
}

export function openClipVisionConfig(model: ConfigReader): VitConfig {
  const image = model.object('vision_cfg');
  const sizes = widths(image, 768);
  return {
    ...shared(model),
    ...sizes,
    heads: Math.trunc(sizes.width / image.count('head_width', 64)),
    imageSize: image.count('image_size', 224),
    patchSize: image.count('patch_size', 16),
    positionResize: 'open_clip',
  };
}

function shared(model: ConfigReader) {
  return {
    dim: model.count('embed_dim', 512),
    activation: model.flag('quick_gelu', false) ? 'quick_gelu' : 'gelu',
    layerNormEpsilon: 1e-5,
  };
}

function widths(tower: ConfigReader, defaultWidth: number) {
  const width = tower.count('width', defaultWidth);
  const mlpWidth = Math.trunc(width * tower.number('mlp_ratio', 4));
  return { width, mlpWidth, layers: tower.count('layers', 12) };
}
