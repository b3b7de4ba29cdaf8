import { type ConfigReader, EmbeddingError, type ImageBatch, type Preprocessor, quote } from '@diptych/core';
import {
  clipResnet,
  type ClipResnet,
  clipResnetSpec,
  openClipResnetNames,
  openClipSiglipVisionNames,
  openClipVisionNames,
  siglipVit,
  type SiglipVit,
  siglipVitSpec,
  vit,
  type Vit,
  vitSpec,
} from '@diptych/image-encoder';
import type { ParamsOf } from '@diptych/nn';
import { type Image, type ImageInput, imageProcessor, openClipImageProcessor } from '@diptych/preprocessing/image';
import type { ArchitectureOptions } from '../architecture.ts';
import { imagePlan, type TowerPlan } from '../model-plan.ts';
import { squareSide } from '../square-side.ts';
import { checkTimmHead } from './settings.ts';
import { openClipResnetConfig, openClipVisionConfig, timmSiglipConfig } from './image-config.ts';

type Pixels = Preprocessor<Image, ImageBatch>;

/**
 * @param preprocessCfg `preprocess_cfg` of the same file, unchecked.
 * @throws {EmbeddingError} `UNSUPPORTED` for an image tower that is not known here.
 */
export async function openClipImagePlan(
  model: ConfigReader,
  preprocessCfg: unknown,
  blocks?: ArchitectureOptions['blocks'],
): Promise<TowerPlan<ImageInput>> {
  const image = model.object('vision_cfg');
  const preprocess = imageProcessor(
    openClipImageProcessor({ imageSize: squareSide(image, 'image_size', 224), preprocessCfg }),
  );
  if (image.has('timm_model_name')) return timmPlan(model, preprocess, blocks);
  return Array.isArray(image.value('layers')) ? resnetPlan(model, preprocess) : vitPlan(model, preprocess, blocks);
}

function vitPlan(
  model: ConfigReader,
  preprocess: Pixels,
  blocks: ArchitectureOptions['blocks'],
): TowerPlan<ImageInput> {
  const config = openClipVisionConfig(model);
  const run = blocks?.(config);
  const encoder = (params: ParamsOf<Vit>) => vit(config, params, run);
  return imagePlan({ spec: vitSpec(config), names: openClipVisionNames, preprocess, encoder });
}

function resnetPlan(model: ConfigReader, preprocess: Pixels): TowerPlan<ImageInput> {
  const config = openClipResnetConfig(model);
  const encoder = (params: ParamsOf<ClipResnet>) => clipResnet(config, params);
  return imagePlan({ spec: clipResnetSpec(config), names: openClipResnetNames, preprocess, encoder });
}

async function timmPlan(
  model: ConfigReader,
  preprocess: Pixels,
  blocks: ArchitectureOptions['blocks'],
): Promise<TowerPlan<ImageInput>> {
  const siglip = timmSiglipConfig(model);
  if (siglip) {
    checkTimmHead(model.object('vision_cfg'), 'map', ['none']);
    const encoder = (params: ParamsOf<SiglipVit>) => siglipVit(siglip, params);
    return imagePlan({ spec: siglipVitSpec(siglip), names: openClipSiglipVisionNames, preprocess, encoder });
  }
  const { timmTowerPlan } = await import('../later-networks.ts');
  const other = timmTowerPlan(model, preprocess, blocks);
  if (other) return other;
  const image = model.object('vision_cfg');
  const got = quote(image.value('timm_model_name'));
  throw new EmbeddingError('UNSUPPORTED', {
    where: `${image.where}: timm_model_name`,
    expected: 'an image tower known here',
    got,
  });
}
