import {
  type ConfigReader,
  configReader,
  EmbeddingError,
  type ImageBatch,
  type Preprocessor,
  quote,
} from '@diptych/core';
import type { Files } from '@diptych/files';
import {
  hfSiglipVisionNames,
  naflexVit,
  type NaflexVitConfig,
  naflexVitSpec,
  type PatchBatch,
} from '@diptych/image-encoder';
import { type Image, type ImageInput, imageProcessor, parseImageProcessor } from '@diptych/preprocessing/image';
import { loadPlan, type ModelPlan, type TowerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { squareSide } from '../square-side.ts';
import { imageReading } from '../tower.ts';
import { processorJson } from './image-processor.ts';
import type { Opener } from './later.ts';
import { hfModelConfig } from './model-config.ts';
import { checkHead, siglipDefaults, siglipTextConfig } from './siglip-config.ts';
import { siglipTextPlan } from './siglip-text-plan.ts';
import { hfTransformerConfig } from './transformer-config.ts';

export const openNaflex: Opener = async (json, files, options) => {
  const config = hfModelConfig(json, `${files.id}/config.json`);
  const vision = visionConfig(config.object('vision_config'));
  const text = await siglipTextPlan(siglipTextConfig(config.object('text_config')), files, options);
  const preprocess = await processorOf(vision, files, options.signal);
  const spec = naflexVitSpec(vision);
  const image: TowerPlan<ImageInput> = {
    spec,
    names: hfSiglipVisionNames,
    make: (model, path) => ({
      encoder: naflexVit(vision, model.part(spec, path)),
      ...imageReading({ preprocess }),
      preprocess: (images: readonly ImageBatch[]) => patchBatch(images, vision.patchSize),
    }),
  };
  const whole: ModelPlan = { towers: { text, image }, logScale: 'logit_scale', bias: 'logit_bias' };
  return loadPlan(await openWeights(files, options.signal), whole, options);
};

function visionConfig(image: ConfigReader): NaflexVitConfig {
  checkHead(image);
  const count = image.count('num_patches', 256);
  const side = Math.sqrt(count);
  if (!Number.isInteger(side)) {
    const where = `${image.where}: num_patches`;
    throw new EmbeddingError('CONFIG_INVALID', { where, expected: 'a square number', got: count });
  }
  return { ...hfTransformerConfig(image, siglipDefaults), patchSize: squareSide(image, 'patch_size', 16), side };
}

/** The most patches of an image that are allowed for. */
const mostPatches = 4096;

/** Longest side of what an image processor makes. */
const mostPixels = 4096;

/** Each image to the largest grid of patches near its shape: `Siglip2ImageProcessor`. */
async function processorOf(
  { patchSize }: NaflexVitConfig,
  files: Files,
  signal?: AbortSignal,
): Promise<Preprocessor<Image, ImageBatch>> {
  const json = (await processorJson(files, signal)) ?? {};
  const file = `${files.id}/preprocessor_config.json`;
  const reader = configReader(json, file);
  const type = reader.string('image_processor_type', 'Siglip2ImageProcessor');
  if (!/^Siglip2ImageProcessor(Fast|Pil)?$/.test(type) || json['do_resize'] === false) {
    const got = json['do_resize'] === false ? 'do_resize false' : quote(type);
    throw new EmbeddingError('UNSUPPORTED', { where: file, expected: 'Siglip2ImageProcessor, which resizes', got });
  }
  const own = reader.count('patch_size', 16);
  if (own !== patchSize) {
    throw new EmbeddingError('CONFIG_INVALID', { where: `${file}: patch_size`, expected: `${patchSize}`, got: own });
  }
  const most = reader.count('max_num_patches', 256, mostPatches);
  const known = { resample: 2, ...json, image_processor_type: 'SiglipImageProcessor', size: patchSize };
  const config = parseImageProcessor(known);
  const filter = config.resize!.filter;
  return async (images, stop) => {
    const [height, width] = gridOf(images[0]!, patchSize, most).map((side) => side * patchSize) as [number, number];
    if (Math.max(height, width) > mostPixels) {
      const got = `${width}x${height}`;
      throw new EmbeddingError('IMAGE_TOO_LARGE', { where: 'image', expected: `sides of at most ${mostPixels}`, got });
    }
    const resize = { mode: 'exact', width, height, filter } as const;
    return imageProcessor({ ...config, resize })(images, stop);
  };
}

/**
 * The largest grid of at most `most` patches that an image fills when it is made smaller or larger, as transformers finds it: by
 * halves, to 1e-5.
 */
export function gridOf(
  { width, height }: Pick<Image, 'width' | 'height'>,
  patchSize: number,
  most: number,
): readonly [rows: number, columns: number] {
  const at = (scale: number) => [height, width].map((side) => Math.max(1, Math.ceil((side * scale) / patchSize)));
  let [low, high] = [1e-6, 100];
  while (high - low >= 1e-5) {
    const scale = (low + high) / 2;
    const [rows, columns] = at(scale);
    if (rows! * columns! <= most) low = scale;
    else high = scale;
  }
  const [rows, columns] = at(low);
  return [rows!, columns!];
}

/** Images of their own sizes as patches. */
function patchBatch(images: readonly ImageBatch[], patchSize: number): PatchBatch {
  const grids = images.flatMap(({ shape: [, height, width] }) => [height / patchSize, width / patchSize]);
  const longest = Math.max(0, ...images.map((_, i) => grids[2 * i]! * grids[2 * i + 1]!));
  const values = 3 * patchSize ** 2;
  const patches = new Float32Array(images.length * longest * values);
  for (const [i, { pixels, shape }] of images.entries()) {
    const line = 3 * patchSize;
    const columns = grids[2 * i + 1]!;
    for (let row = 0; row < shape[1]; row++) {
      for (let column = 0; column < columns; column++) {
        const from = (row * columns + column) * line;
        const patch = Math.floor(row / patchSize) * columns + column;
        const to = (i * longest + patch) * values + (row % patchSize) * line;
        patches.set(pixels.subarray(from, from + line), to);
      }
    }
  }
  return { patches, grids: Int32Array.from(grids), shape: [images.length, longest, values] };
}
