import type { ClipResnetConfig, SiglipVitConfig, VitConfig } from '@diptych/image-encoder';
import { type ConfigReader, mostLayers } from '@diptych/core';
import { squareSide } from '../square-side.ts';
import { layerNormEpsilon, openClipActivation, sizesOf } from './sizes.ts';

/** `vision_cfg` of a model with CLIP's vision transformer, with open_clip's defaults. */
export function openClipVisionConfig(model: ConfigReader): VitConfig {
  const image = model.object('vision_cfg');
  const sizes = sizesOf(image, { width: 768 });
  return {
    ...sizes,
    heads: Math.trunc(sizes.width / image.count('head_width', 64)),
    activation: openClipActivation(model, image),
    layerNormEpsilon: layerNormEpsilon(image),
    imageSize: squareSide(image, 'image_size', 224),
    patchSize: squareSide(image, 'patch_size', 16),
    positionResize: 'open_clip',
    dim: model.count('embed_dim', 512),
  };
}

/** `vision_cfg` of a model with CLIP's residual network, whose `layers` are a list. */
export function openClipResnetConfig(model: ConfigReader): ClipResnetConfig {
  const image = model.object('vision_cfg');
  const width = image.count('width', 64);
  return {
    imageSize: squareSide(image, 'image_size', 224),
    width,
    depths: image.counts('layers', mostLayers),
    heads: Math.trunc((width * 32) / image.count('head_width', 64)),
    dim: model.count('embed_dim', 512),
  };
}

/** Width, layers, heads and MLP width of timm's vision transformers. */
const timmSizes: Readonly<Record<string, readonly [width: number, layers: number, heads: number, mlp: number]>> = {
  vit_base: [768, 12, 12, 3072],
  vit_large: [1024, 24, 16, 4096],
  vit_so400m: [1152, 27, 16, 4304],
};

/** SigLIP's vision transformer by its name in timm, as `vit_base_patch16_siglip_224`; `undefined` for another name. */
export function timmSiglipConfig(model: ConfigReader): SiglipVitConfig | undefined {
  const image = model.object('vision_cfg');
  const match = /^(vit_[a-z0-9]+)_patch(\d+)_siglip_(\d+)$/.exec(image.string('timm_model_name', ''));
  const sizes = match && timmSizes[match[1]!];
  if (!match || !sizes) return undefined;
  const [width, layers, heads, mlpWidth] = sizes;
  return {
    width,
    layers,
    heads,
    mlpWidth,
    activation: 'gelu_pytorch_tanh',
    layerNormEpsilon: 1e-6,
    imageSize: squareSide(image, 'image_size', Number(match[3])),
    patchSize: Number(match[2]),
    positionResize: 'open_clip',
  };
}
