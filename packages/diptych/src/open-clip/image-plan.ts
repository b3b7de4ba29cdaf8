import { EmbeddingError, type ImageBatch } from '@diptych/core';
import {
  clipResnet,
  clipResnetSpec,
  openClipResnetNames,
  openClipSiglipVisionNames,
  openClipVisionNames,
  siglipVit,
  siglipVitSpec,
  vit,
  vitSpec,
} from '@diptych/image-encoder';
import { type Image, imageProcessor, openClipImageProcessor } from '@diptych/preprocessing';
import type { ConfigReader } from '../config-reader.ts';
import { towerPlan, type TowerPlan } from '../model-plan.ts';
import { openClipResnetConfig, openClipVisionConfig, timmSiglipConfig } from './image-config.ts';

type ImagePlan = TowerPlan<Image, ImageBatch>;

/**
 * @param preprocessCfg `preprocess_cfg` of the same file, unchecked.
 * @throws {EmbeddingError} `UNSUPPORTED` for an image tower that is not known here.
 */
export function openClipImagePlan(model: ConfigReader, preprocessCfg: unknown): ImagePlan {
  const image = model.object('vision_cfg');
  const other = ['attentional_pool', 'no_ln_pre'].find((field) => image.has(field) && image.value(field) !== false);
  if (other) throw unknownTower(image, other);
  if (image.has('timm_model_name')) return timmPlan(model, preprocessCfg);
  return Array.isArray(image.value('layers')) ? resnetPlan(model, preprocessCfg) : vitPlan(model, preprocessCfg);
}

function vitPlan(model: ConfigReader, preprocessCfg: unknown): ImagePlan {
  const config = openClipVisionConfig(model);
  return towerPlan({
    spec: vitSpec(config),
    names: openClipVisionNames,
    preprocess: imageProcessor(openClipImageProcessor({ imageSize: config.imageSize, preprocessCfg })),
    encoder: (params) => vit(config, params),
  });
}

function resnetPlan(model: ConfigReader, preprocessCfg: unknown): ImagePlan {
  const config = openClipResnetConfig(model);
  return towerPlan({
    spec: clipResnetSpec(config),
    names: openClipResnetNames,
    preprocess: imageProcessor(openClipImageProcessor({ imageSize: config.imageSize, preprocessCfg })),
    encoder: (params) => clipResnet(config, params),
  });
}

function timmPlan(model: ConfigReader, preprocessCfg: unknown): ImagePlan {
  const config = timmSiglipConfig(model);
  if (!config) throw unknownTower(model.object('vision_cfg'), 'timm_model_name');
  return towerPlan({
    spec: siglipVitSpec(config),
    names: openClipSiglipVisionNames,
    preprocess: imageProcessor(openClipImageProcessor({ imageSize: config.imageSize, preprocessCfg })),
    encoder: (params) => siglipVit(config, params),
  });
}

function unknownTower(image: ConfigReader, field: string): EmbeddingError {
  const got = JSON.stringify(image.value(field));
  return new EmbeddingError('UNSUPPORTED', `${image.where}: ${field}: expected an image tower known here, got ${got}`);
}
