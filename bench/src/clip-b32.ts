import type { VitConfig } from '@diptych/image-encoder';
import type { ClipTextConfig } from '@diptych/text-encoder';

/** The towers of CLIP ViT-B/32. */
export const imageConfig: VitConfig = {
  imageSize: 224,
  patchSize: 32,
  width: 768,
  layers: 12,
  heads: 12,
  mlpWidth: 3072,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
  dim: 512,
  positionResize: 'hf',
};

export const textConfig: ClipTextConfig = {
  vocabSize: 49_408,
  contextLength: 77,
  width: 512,
  layers: 12,
  heads: 8,
  mlpWidth: 2048,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
  dim: 512,
  endOfText: 'largest',
};
