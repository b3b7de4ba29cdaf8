import { type Encoder, type ImageBatch, seededRandom, type TextBatch, type WeightType } from '@diptych/core';
import {
  dinov2,
  type Dinov2Config,
  dinov2Spec,
  featureVit,
  featureVitSpec,
  siglipVit,
  siglipVitSpec,
  vit,
  type VitConfig,
  vitSpec,
} from '@diptych/image-encoder';
import type { ParamsOf, Spec } from '@diptych/nn';
import {
  bert,
  type BertConfig,
  bertSpec,
  clipText,
  type ClipTextConfig,
  clipTextSpec,
  siglipText,
  siglipTextSpec,
} from '@diptych/text-encoder';
import type { Tensor } from '@tensorflow/tfjs-core';
import { imageConfig, textConfig } from './clip-b32.ts';
import { convNets, images } from './conv-nets.ts';
import { loadedModel } from './models.ts';

/** A tower of a published model's shape with random weights, which embeds the same item each time. */
export type ModelTower = (dtype: WeightType) => Promise<Disposable & { readonly forward: () => Tensor }>;

export interface ModelTowers {
  readonly image?: ModelTower;
  readonly text?: ModelTower;
}

/** Of each text: a caption of some ten words. */
const tokens = 16;

const small = { width: 384, heads: 6, mlpWidth: 1536 };
const base = { width: 768, layers: 12, heads: 12, mlpWidth: 3072 };
const siglip = { ...base, activation: 'gelu_pytorch_tanh', layerNormEpsilon: 1e-6 };
const siglipImage = { ...siglip, imageSize: 224, patchSize: 16, positionResize: 'hf' } as const;
const siglipWords = { ...siglip, vocabSize: 32_000, contextLength: 64, dim: 768 };
const dino = {
  imageSize: 518,
  patchSize: 14,
  activation: 'gelu',
  layerNormEpsilon: 1e-6,
  registers: 0,
  positionResize: 'hf',
} as const;
const plainVit = { ...siglipImage, activation: 'gelu', layerNormEpsilon: 1e-12, pooler: true };
const bertBase = { ...base, vocabSize: 30_522, contextLength: 512, tokenTypes: 2, layerNormEpsilon: 1e-12 };
const clipBText = ofClip(textConfig);

/** By the names of `knownModels` of `diptych`. Images have the side that the model was published for. */
export const modelTowers: Readonly<Record<string, ModelTowers>> = {
  'openai/clip-vit-base-patch32': { image: ofVit(imageConfig), text: clipBText },
  'openai/clip-vit-base-patch16': { image: ofVit({ ...imageConfig, patchSize: 16 }), text: clipBText },
  'laion/CLIP-ViT-B-32-laion2B-s34B-b79K': {
    image: ofVit({ ...imageConfig, activation: 'gelu' }),
    text: ofClip({ ...textConfig, activation: 'gelu' }),
  },
  'apple/MobileCLIP-S1-OpenCLIP': { image: ofNet('FastViT MCi1'), text: ofClip({ ...textConfig, activation: 'gelu' }) },
  'apple/MobileCLIP-S2-OpenCLIP': { image: ofNet('FastViT MCi2'), text: ofClip({ ...textConfig, activation: 'gelu' }) },
  'timm/MobileCLIP2-S0-OpenCLIP': { image: ofNet('FastViT MCi0'), text: ofClip({ ...textConfig, activation: 'gelu' }) },
  'google/siglip-base-patch16-224': {
    image: ofImages(224, siglipVitSpec(siglipImage), (params) => siglipVit(siglipImage, params)),
    text: ofTexts(64, siglipTextSpec(siglipWords), (params) => siglipText(siglipWords, params)),
  },
  'facebook/dinov2-small': { image: ofDino({ ...dino, ...small, layers: 12 }) },
  'facebook/dinov2-base': { image: ofDino({ ...dino, ...base }) },
  'google/vit-base-patch16-224-in21k': {
    image: ofImages(224, featureVitSpec(plainVit), (params) => featureVit(plainVit, params)),
  },
  'microsoft/resnet-50': { image: ofNet('ResNet-50') },
  'sentence-transformers/all-MiniLM-L6-v2': {
    text: ofBert({ ...bertBase, ...small, layers: 6, heads: 12, activation: 'gelu', pooling: 'mean' }),
  },
  'BAAI/bge-base-en-v1.5': { text: ofBert({ ...bertBase, activation: 'gelu', pooling: 'cls' }) },
};

function ofVit(config: VitConfig): ModelTower {
  return ofImages(config.imageSize, vitSpec(config), (params) => vit(config, params));
}

/** Its images have 224 pixels a side, not the 518 that positions are of. */
function ofDino(config: Dinov2Config): ModelTower {
  return ofImages(224, dinov2Spec(config), (params) => dinov2(config, params));
}

function ofNet(name: string): ModelTower {
  const { size, load } = convNets[name]!;
  return async (dtype) => {
    const { encoder, [Symbol.dispose]: dispose } = await load(dtype);
    const batch = images(1, size);
    return { forward: () => encoder.forward(batch), [Symbol.dispose]: dispose };
  };
}

function ofImages<S extends Spec>(
  size: number,
  spec: S,
  make: (params: ParamsOf<S>) => Encoder<ImageBatch>,
): ModelTower {
  return towerOf(spec, make, () => images(1, size));
}

function ofClip(config: ClipTextConfig): ModelTower {
  return ofTexts(config.contextLength, clipTextSpec(config), (params) => clipText(config, params));
}

function ofBert(config: BertConfig): ModelTower {
  return ofTexts(tokens, bertSpec(config), (params) => bert(config, params));
}

/** @param padded Tokens of the text with its padding. */
function ofTexts<S extends Spec>(
  padded: number,
  spec: S,
  make: (params: ParamsOf<S>) => Encoder<TextBatch>,
): ModelTower {
  const random = seededRandom(6);
  // The last one is the largest, by which CLIP knows the end.
  const id = (at: number) => (at < tokens - 1 ? 1 + Math.floor(random() * 20_000) : at === tokens - 1 ? 29_999 : 0);
  const ids = Int32Array.from({ length: padded }, (_, at) => id(at));
  return towerOf(spec, make, () => ({
    ids,
    mask: ids.map((value) => Math.min(1, value)),
    shape: [1, padded] as const,
  }));
}

function towerOf<S extends Spec, Batch>(
  spec: S,
  make: (params: ParamsOf<S>) => Encoder<Batch>,
  item: () => Batch,
): ModelTower {
  return async (dtype) => {
    const model = await loadedModel(spec, { seed: 2, dtype });
    const encoder = make(model.params);
    const batch = item();
    return { forward: () => encoder.forward(batch), [Symbol.dispose]: () => model[Symbol.dispose]() };
  };
}
