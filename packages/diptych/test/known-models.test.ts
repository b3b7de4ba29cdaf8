import * as images from '@diptych/image-encoder';
import { constant, fine, linearSpec, param, parameters, projectionSpec, type Spec } from '@diptych/nn';
import * as texts from '@diptych/text-encoder';
import { expect, it } from 'vitest';
import { knownModels, refusedModels } from '../src/index.ts';

const numbers = { layerNormEpsilon: 1e-5, activation: 'gelu', heads: 1, positionResize: 'open_clip' } as const;
const scale = param([], constant(0));
const sized = (width: number, layers: number, mlpWidth = 4 * width) => ({ ...numbers, width, layers, mlpWidth });

const clipText = (width: number, layers: number, dim: number, vocabSize = 49_408, contextLength = 77) =>
  texts.clipTextSpec({ ...sized(width, layers), vocabSize, contextLength, dim, endOfText: 'largest' });
const vit = (width: number, layers: number, patchSize: number, imageSize: number, dim: number) =>
  images.vitSpec({ ...sized(width, layers), patchSize, imageSize, dim });
const clip = (text: Spec, image: Spec): Spec => ({ text, image, scale });

function siglip([width, layers, mlpWidth]: readonly [number, number, number], grid: object, vocabSize: number): Spec {
  const sizes = sized(width, layers, mlpWidth);
  const { patchSize, imageSize } = grid as { patchSize: number; imageSize: number };
  const text = texts.siglipTextSpec({ ...sizes, vocabSize, contextLength: 64, dim: width });
  return { ...(clip(text, images.siglipVitSpec({ ...sizes, patchSize, imageSize })) as object), bias: scale };
}

function naflex([width, layers, mlpWidth]: readonly [number, number, number]): Spec {
  const sizes = sized(width, layers, mlpWidth);
  const text = texts.siglipTextSpec({ ...sizes, vocabSize: 256_000, contextLength: 64, dim: width });
  return { text, image: images.naflexVitSpec({ ...sizes, patchSize: 16, side: 16 }), scale, bias: scale };
}

const dinov2 = (width: number, layers: number, other: Partial<images.Dinov2Config> = {}) =>
  images.dinov2Spec({ ...sized(width, layers), registers: 0, imageSize: 518, patchSize: 14, ...other });
const convNext = (widths: readonly number[], dim: number, headWidth?: number) =>
  images.convNextSpec({
    ...numbers,
    depths: [3, 3, 27, 3],
    widths,
    dim,
    ...(headWidth !== undefined && { headWidth }),
  });
const peCore = (width: number, layers: number, patchSize: number, imageSize: number) =>
  images.peCoreSpec({
    ...sized(width, layers),
    patchSize,
    imageSize,
    dim: 1024,
    classToken: true,
    reference: 1,
    poolWidth: 4 * width,
  });
const eva02 = (width: number, layers: number, mlpWidth: number, patchSize: number, dim: number) =>
  images.eva02Spec({
    ...sized(width, layers, mlpWidth),
    patchSize,
    imageSize: 224,
    dim,
    norms: 'inner',
    reference: 16,
  });
const fastVit = (depths: images.FastVitConfig['depths'], widths: images.FastVitConfig['widths']) => {
  const [mlpRatio, dim] = depths.length > 4 ? [4, 768] : [3, 512];
  return clip(clipText(dim, 12, dim), images.fastVitSpec({ depths, widths, mlpRatio, dim }));
};
const bert = (width: number, layers: number) =>
  texts.bertSpec({ ...sized(width, layers), vocabSize: 30_522, contextLength: 512, tokenTypes: 2 });
const jinaBert = texts.jinaBertSpec({ ...sized(768, 12), vocabSize: 30_528, contextLength: 8192, tokenTypes: 2 });
const xlmRoberta = (width: number, layers: number, dim: number): Spec => ({
  network: texts.bertSpec({
    ...sized(width, layers),
    vocabSize: 250_002,
    contextLength: 512,
    paddingId: 1,
    tokenTypes: 1,
  }),
  dense: [projectionSpec(width, (width + dim) / 2), projectionSpec((width + dim) / 2, dim)],
});

const small = [64, 128, 256, 512] as const;
const resnet50 = { stemWidth: 64, widths: [256, 512, 1024, 2048], depths: [3, 4, 6, 3], block: 'bottleneck' } as const;
const pe = clipText(1024, 24, 1024, 49_408, 32);
const so400m = [1152, 27, 4304] as const;
const [p16, p14] = [
  { patchSize: 16, imageSize: 224 },
  { patchSize: 14, imageSize: 384 },
];

/** The networks by the sizes in their published configurations. */
const specs: Readonly<Record<string, Spec>> = {
  'openai/clip-vit-base-patch32': clip(clipText(512, 12, 512), vit(768, 12, 32, 224, 512)),
  'openai/clip-vit-base-patch16': clip(clipText(512, 12, 512), vit(768, 12, 16, 224, 512)),
  'openai/clip-vit-large-patch14': clip(clipText(768, 12, 768), vit(1024, 24, 14, 224, 768)),
  'openai/clip-vit-large-patch14-336': clip(clipText(768, 12, 768), vit(1024, 24, 14, 336, 768)),
  'laion/CLIP-ViT-B-32-laion2B-s34B-b79K': clip(clipText(512, 12, 512), vit(768, 12, 32, 224, 512)),
  'laion/CLIP-ViT-H-14-laion2B-s32B-b79K': clip(clipText(1024, 24, 1024), vit(1280, 32, 14, 224, 1024)),
  'laion/CLIP-ViT-B-32-xlm-roberta-base-laion5B-s13B-b90k': clip(xlmRoberta(768, 12, 512), vit(768, 12, 32, 224, 512)),
  'laion/CLIP-ViT-H-14-frozen-xlm-roberta-large-laion5B-s13B-b90k': clip(
    xlmRoberta(1024, 24, 1024),
    vit(1280, 32, 14, 224, 1024),
  ),
  'laion/CLIP-convnext_base_w-laion2B-s13B-b82K': clip(clipText(640, 12, 640), convNext([128, 256, 512, 1024], 640)),
  'laion/CLIP-convnext_large_d_320.laion2B-s29B-b131K-ft-soup': clip(
    clipText(768, 16, 768),
    convNext([192, 384, 768, 1536], 768, 1536),
  ),
  'timm/eva02_base_patch16_clip_224.merged2b_s8b_b131k': clip(clipText(512, 12, 512), eva02(768, 12, 2048, 16, 512)),
  'timm/eva02_large_patch14_clip_224.merged2b_s4b_b131k': clip(clipText(768, 12, 768), eva02(1024, 24, 2730, 14, 768)),
  'timm/PE-Core-B-16': clip(pe, peCore(768, 12, 16, 224)),
  'timm/PE-Core-L-14-336': clip(pe, peCore(1024, 24, 14, 336)),
  'apple/MobileCLIP-S1-OpenCLIP': fastVit([4, 12, 20, 4], small),
  'apple/MobileCLIP-S2-OpenCLIP': fastVit([4, 12, 24, 4], [80, 160, 320, 640]),
  'timm/MobileCLIP2-S0-OpenCLIP': fastVit([2, 6, 10, 2], small),
  'timm/MobileCLIP2-S2-OpenCLIP': fastVit([4, 12, 24, 4], [80, 160, 320, 640]),
  'timm/MobileCLIP2-B-OpenCLIP': clip(
    clipText(512, 12, 512),
    images.mobileClipVitSpec({ ...sized(768, 12), stemWidth: 192, imageSize: 224, dim: 512 }),
  ),
  'timm/MobileCLIP2-S3-OpenCLIP': fastVit([2, 12, 24, 4, 2], [96, 192, 384, 768, 1536]),
  'timm/MobileCLIP2-S4-OpenCLIP': fastVit([2, 12, 24, 4, 4], [128, 256, 512, 1024, 2048]),
  'timm/MobileCLIP2-L-14-OpenCLIP': clip(clipText(768, 12, 768), {
    ...vit(1024, 24, 14, 224, 768),
    projection: fine(linearSpec(1024, 768)),
  }),
  'jinaai/jina-clip-v1': clip(
    jinaBert,
    images.eva02Spec({ ...sized(768, 12, 2048), ...p16, norms: 'inner', reference: 16 }),
  ),
  'google/siglip-base-patch16-224': siglip([768, 12, 3072], p16, 32_000),
  'google/siglip-so400m-patch14-384': siglip(so400m, p14, 32_000),
  'google/siglip2-base-patch16-224': siglip([768, 12, 3072], p16, 256_000),
  'google/siglip2-base-patch16-naflex': naflex([768, 12, 3072]),
  'google/siglip2-so400m-patch16-naflex': naflex(so400m),
  'google/siglip2-so400m-patch14-384': siglip(so400m, p14, 256_000),
  'facebook/metaclip-2-worldwide-huge-quickgelu': clip(clipText(1024, 24, 1024, 901_629), vit(1280, 32, 14, 224, 1024)),
  'laion/clap-htsat-unfused': clip(
    texts.clapTextSpec({
      ...sized(768, 12),
      vocabSize: 50_265,
      contextLength: 512,
      paddingId: 1,
      tokenTypes: 1,
      dim: 512,
      projectionActivation: 'relu',
    }),
    images.htsatSpec({
      ...numbers,
      width: 96,
      depths: [2, 2, 6, 2],
      heads: [4, 8, 16, 32],
      mlpRatio: 4,
      window: 8,
      imageSize: 256,
      patchSize: 4,
      bins: 64,
      dim: 512,
      projectionActivation: 'relu',
    }),
  ),
  'facebook/dinov2-small': dinov2(384, 12),
  'facebook/dinov2-base': dinov2(768, 12),
  'facebook/dinov2-large': dinov2(1024, 24),
  'facebook/dinov2-giant': dinov2(1536, 40, { mlpWidth: 4096, activation: 'swiglu' }),
  'facebook/dinov2-with-registers-base': dinov2(768, 12, { registers: 4 }),
  'google/vit-base-patch16-224-in21k': images.featureVitSpec({ ...sized(768, 12), ...p16, pooler: true }),
  'nomic-ai/nomic-embed-vision-v1.5': images.nomicVisionSpec({ ...sized(768, 12, 2048), ...p16, reference: 14 }),
  'microsoft/resnet-50': images.resnetSpec(resnet50),
  'sentence-transformers/all-MiniLM-L6-v2': bert(384, 6),
  'jinaai/jina-embeddings-v2-base-en': jinaBert,
  'nomic-ai/nomic-embed-text-v1.5': texts.nomicBertSpec({
    ...sized(768, 12, 3072),
    vocabSize: 30_528,
    contextLength: 8192,
    tokenTypes: 2,
    rotaryBase: 1000,
    rotaryPairs: 'halves',
  }),
  'BAAI/bge-base-en-v1.5': bert(768, 12),
};

it('knows as many parameters of each model as its network has, and what they take in each type', () => {
  expect(knownModels.map(({ model }) => model)).toEqual(expect.arrayContaining(Object.keys(specs)));
  for (const { model, parameters: count, megabytes } of knownModels) {
    const sizes = { count: 0, float32: 0, int16: 0, int8: 0 };
    for (const [, { shape, factor, lookup, fine: isFine }] of parameters(specs[model]!)) {
      const size = shape.reduce((a, b) => a * b, 1);
      const packed = factor === true || lookup === true;
      // A number for each row of a table and each output of a layer.
      const scales = 4 * (lookup ? shape[0]! : shape.at(-1)!);
      sizes.count += size;
      sizes.float32 += 4 * size;
      sizes.int16 += packed ? 2 * size + scales : 4 * size;
      sizes.int8 += packed ? (isFine ? 2 : 1) * size + scales : 4 * size;
    }
    const [float32, int16, int8] = [sizes.float32, sizes.int16, sizes.int8].map((bytes) => Math.round(bytes / 1e6));
    expect({ model, count: sizes.count, float32, int16, int8 }).toEqual({ model, count, ...megabytes });
  }
});

it('names no model twice, and takes what it gives instead of a refused one from those that open', () => {
  const open = knownModels.map(({ model }) => model);
  const all = [...open, ...refusedModels.map(({ model }) => model)];
  expect(new Set(all).size).toBe(all.length);
  const others = refusedModels.flatMap(({ instead }) => (instead === undefined ? [] : [instead]));
  expect(others.filter((other) => !open.includes(other))).toEqual([]);
});
