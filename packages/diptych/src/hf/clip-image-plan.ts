import type { Files } from '@diptych/files';
import { hfClipVisionNames, vit, type VitConfig, vitSpec } from '@diptych/image-encoder';
import type { ImageInput } from '@diptych/preprocessing/image';
import type { ArchitectureOptions } from '../architecture.ts';
import { imagePlan, type TowerPlan } from '../model-plan.ts';
import { hfImageProcessor } from './image-processor.ts';

/** The image tower that CLIP and Chinese-CLIP share. */
export async function clipImagePlan(
  config: VitConfig,
  files: Files,
  { signal, blocks }: ArchitectureOptions,
): Promise<TowerPlan<ImageInput>> {
  const size = config.imageSize;
  const run = blocks?.(config);
  return imagePlan({
    spec: vitSpec(config),
    names: hfClipVisionNames,
    preprocess: await hfImageProcessor(files, { fallback: { size, crop_size: size }, largest: size }, signal),
    encoder: (params) => vit(config, params, run),
  });
}
