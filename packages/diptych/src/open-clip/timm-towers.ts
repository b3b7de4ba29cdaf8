import type { ConfigReader, ImageBatch, Preprocessor } from '@diptych/core';
import {
  convNext,
  type ConvNext,
  type ConvNextConfig,
  convNextSpec,
  eva02,
  type Eva02,
  type Eva02Config,
  eva02Spec,
  fastVit,
  type FastVit,
  type FastVitConfig,
  fastVitSpec,
  mobileClipVit,
  type MobileClipVit,
  type MobileClipVitConfig,
  mobileClipVitSpec,
  openClipConvNextNames,
  openClipEva02Names,
  openClipFastVitNames,
  openClipMobileClipVitNames,
  openClipPeCoreNames,
  openClipTimmVitNames,
  peCore,
  type PeCore,
  type PeCoreConfig,
  peCoreSpec,
  vit,
  type VitConfig,
  vitSpec,
} from '@diptych/image-encoder';
import { fine, linearSpec, type ParamsOf } from '@diptych/nn';
import type { Image, ImageInput } from '@diptych/preprocessing/image';
import type { ArchitectureOptions } from '../architecture.ts';
import { imagePlan, type TowerPlan } from '../model-plan.ts';
import { squareSide } from '../square-side.ts';
import { checkTimmHead } from './settings.ts';

/** Towers of timm beside SigLIP's, by `timm_model_name`; `undefined` for another name. */
export function timmTowerPlan(
  model: ConfigReader,
  preprocess: Preprocessor<Image, ImageBatch>,
  blocks?: ArchitectureOptions['blocks'],
): TowerPlan<ImageInput> | undefined {
  const image = model.object('vision_cfg');
  const convolutions = convNextConfig(model);
  if (convolutions) {
    checkTimmHead(image, '', ['linear', 'mlp']);
    const names = openClipConvNextNames(convolutions);
    const encoder = (params: ParamsOf<ConvNext>) => convNext(convolutions, params);
    return imagePlan({ spec: convNextSpec(convolutions), names, preprocess, encoder });
  }
  const core = peCoreConfig(model);
  if (core) {
    checkTimmHead(image, 'map', [null, '']);
    const encoder = (params: ParamsOf<PeCore>) => peCore(core, params);
    return imagePlan({ spec: peCoreSpec(core), names: openClipPeCoreNames, preprocess, encoder });
  }
  const fast = fastVitConfig(model);
  if (fast) {
    checkTimmHead(image, 'avg', [null, '']);
    const encoder = (params: ParamsOf<FastVit>) => fastVit(fast, params);
    return imagePlan({ spec: fastVitSpec(fast), names: openClipFastVitNames, preprocess, encoder });
  }
  const mobile = mobileClipVitConfig(model);
  if (mobile) {
    checkTimmHead(image, 'token', [null, '']);
    const encoder = (params: ParamsOf<MobileClipVit>) => mobileClipVit(mobile, params);
    return imagePlan({ spec: mobileClipVitSpec(mobile), names: openClipMobileClipVitNames, preprocess, encoder });
  }
  const large = clipVitConfig(model);
  if (large) {
    checkTimmHead(image, 'token', [null, '']);
    // Its projection has a bias.
    const spec = { ...vitSpec(large), projection: fine(linearSpec(large.width, large.dim)) };
    const run = blocks?.(large);
    const encoder = (params: ParamsOf<typeof spec>) => vit(large, params, run);
    return imagePlan({ spec, names: openClipTimmVitNames, preprocess, encoder });
  }
  const eva = eva02Config(model);
  if (!eva) return undefined;
  checkTimmHead(image, 'token', [null, '']);
  const encoder = (params: ParamsOf<Eva02>) => eva02(eva, params);
  return imagePlan({ spec: eva02Spec(eva), names: openClipEva02Names(eva), preprocess, encoder });
}

/** Blocks and channels of each stage. */
const convNexts: Readonly<Record<string, Pick<ConvNextConfig, 'depths' | 'widths'>>> = {
  convnext_tiny: { depths: [3, 3, 9, 3], widths: [96, 192, 384, 768] },
  convnext_small: { depths: [3, 3, 27, 3], widths: [96, 192, 384, 768] },
  convnext_base: { depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024] },
  convnext_large: { depths: [3, 3, 27, 3], widths: [192, 384, 768, 1536] },
  convnext_xxlarge: { depths: [3, 4, 30, 3], widths: [384, 768, 1536, 3072] },
};

function convNextConfig(model: ConfigReader): ConvNextConfig | undefined {
  const image = model.object('vision_cfg');
  const name = image.string('timm_model_name', '');
  const sizes = convNexts[name];
  const dim = model.count('embed_dim', 512);
  return (
    sizes && {
      ...sizes,
      layerNormEpsilon: name === 'convnext_xxlarge' ? 1e-5 : 1e-6,
      dim,
      ...(image.value('timm_proj') === 'mlp' && { headWidth: 2 * dim }),
    }
  );
}

type Sizes = readonly [width: number, layers: number, heads: number, mlpWidth: number];

/** What the name of a vision transformer says, and the sizes that `known` has for the part before its patches. */
function transformerOf(
  model: ConfigReader,
  pattern: RegExp,
  known: Readonly<Record<string, Sizes>>,
):
  | (Omit<PeCoreConfig, 'classToken' | 'poolWidth' | 'activation' | 'reference'> & {
      readonly kind: string;
      readonly side: number;
    })
  | undefined {
  const image = model.object('vision_cfg');
  const match = pattern.exec(image.string('timm_model_name', ''));
  const [, kind = '', patchSize, side] = match ?? [];
  const sizes = known[kind];
  if (!sizes) return undefined;
  const [width, layers, heads, mlpWidth] = sizes;
  return {
    kind,
    side: Number(side),
    width,
    layers,
    heads,
    mlpWidth,
    layerNormEpsilon: 1e-6,
    imageSize: squareSide(image, 'image_size', Number(side)),
    patchSize: Number(patchSize),
    positionResize: 'open_clip',
    dim: model.count('embed_dim', 512),
  };
}

const peCores: Readonly<Record<string, Sizes>> = {
  tiny: [192, 12, 3, 768],
  small: [384, 12, 6, 1536],
  base: [768, 12, 12, 3072],
  large: [1024, 24, 16, 4096],
  gigantic: [1536, 50, 16, 8960],
};

function peCoreConfig(model: ConfigReader): PeCoreConfig | undefined {
  const sizes = transformerOf(model, /^vit_pe_core_([a-z]+)_patch(\d+)_(\d+)$/, peCores);
  if (!sizes) return undefined;
  const { kind, side, ...config } = sizes;
  return {
    ...config,
    activation: 'gelu',
    layerNormEpsilon: 1e-5,
    classToken: kind !== 'gigantic',
    reference: Math.floor(side / config.patchSize),
    poolWidth: 4 * config.width,
  };
}

const clipVits: Readonly<Record<string, Sizes>> = { base: peCores['base']!, large: peCores['large']! };

/** CLIP's vision transformer in timm, as in MobileCLIP2-L-14. */
function clipVitConfig(model: ConfigReader): VitConfig | undefined {
  const sizes = transformerOf(model, /^vit_([a-z]+)_patch(\d+)_clip_(\d+)$/, clipVits);
  return sizes && { ...sizes, activation: 'gelu', layerNormEpsilon: 1e-5 };
}

/** The gates of SwiGLU are two thirds of what they are instead of. */
const eva02s: Readonly<Record<string, Sizes>> = {
  base: [768, 12, 12, 2048],
  large: [1024, 24, 16, 2730],
  enormous: [1792, 64, 16, 15_360],
};

function eva02Config(model: ConfigReader): Eva02Config | undefined {
  const sizes = transformerOf(model, /^eva02_([a-z]+)_patch(\d+)_clip_(\d+)$/, eva02s);
  if (!sizes) return undefined;
  const { kind, side: _, ...config } = sizes;
  return { ...config, norms: kind === 'enormous' ? 'post' : 'inner', reference: 16 };
}

/** timm's `fastvit_mci0` to `4`, the image towers of MobileCLIP S0 to S2 and of MobileCLIP2 S3 and S4. */
const fastVits: Readonly<Record<string, Pick<FastVitConfig, 'depths' | 'widths'>>> = {
  fastvit_mci0: { depths: [2, 6, 10, 2], widths: [64, 128, 256, 512] },
  fastvit_mci1: { depths: [4, 12, 20, 4], widths: [64, 128, 256, 512] },
  fastvit_mci2: { depths: [4, 12, 24, 4], widths: [80, 160, 320, 640] },
  fastvit_mci3: { depths: [2, 12, 24, 4, 2], widths: [96, 192, 384, 768, 1536] },
  fastvit_mci4: { depths: [2, 12, 24, 4, 4], widths: [128, 256, 512, 1024, 2048] },
};

/** MobileCLIP's convolutional tower by its name in timm; `undefined` for another name. */
function fastVitConfig(model: ConfigReader): FastVitConfig | undefined {
  const sizes = fastVits[model.object('vision_cfg').string('timm_model_name', '')];
  return sizes && { ...sizes, mlpRatio: sizes.depths.length > 4 ? 4 : 3, dim: model.count('embed_dim', 512) };
}

/** MobileCLIP-B's tower, `vit_base_mci_224` in timm; `undefined` for another name. */
function mobileClipVitConfig(model: ConfigReader): MobileClipVitConfig | undefined {
  const image = model.object('vision_cfg');
  if (image.string('timm_model_name', '') !== 'vit_base_mci_224') return undefined;
  const [width, layers, heads, mlpWidth] = peCores['base']!;
  return {
    width,
    layers,
    heads,
    mlpWidth,
    activation: 'gelu',
    layerNormEpsilon: 1e-6,
    stemWidth: width / 4,
    imageSize: squareSide(image, 'image_size', 224),
    positionResize: 'open_clip',
    dim: model.count('embed_dim', 512),
  };
}
