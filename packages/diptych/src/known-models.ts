/** A published model that opens, as it was when this was written: its own card and files count. */
export interface KnownModel {
  /** On the Hugging Face hub. */
  readonly model: string;
  readonly modalities: readonly ('text' | 'image' | 'audio')[];
  /** Length of an embedding. */
  readonly dim: number;
  /** Tokens of the longest text. */
  readonly context?: number;
  /** Numbers that are loaded. */
  readonly parameters: number;
  /** Of the weights in memory, in megabytes of 10^6 bytes. */
  readonly megabytes: { readonly float32: number; readonly int16: number; readonly int8: number };
  /** As its card has it, or what stands in for it. */
  readonly licence: string;
  /** Present where the licence forbids commercial use. */
  readonly nonCommercial?: true;
}

/** A published model that is refused, why, and what to take instead. */
export interface RefusedModel {
  readonly model: string;
  readonly refused: string;
  readonly instead?: string;
}

type Row = readonly [
  model: string,
  dim: number,
  context: number | undefined,
  parameters: number,
  megabytes: readonly [float32: number, int16: number, int8: number],
  licence: string,
];

const openAi = 'none on the card; MIT in the repository';

/** Of texts and images. */
const both: readonly Row[] = [
  ['openai/clip-vit-base-patch32', 512, 77, 151_277_313, [605, 304, 154], openAi],
  ['openai/clip-vit-base-patch16', 512, 77, 149_620_737, [598, 301, 152], openAi],
  ['openai/clip-vit-large-patch14', 768, 77, 427_616_513, [1710, 858, 433], openAi],
  ['openai/clip-vit-large-patch14-336', 768, 77, 427_944_193, [1712, 860, 434], openAi],
  ['laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 512, 77, 151_277_313, [605, 304, 154], 'mit'],
  ['laion/CLIP-ViT-H-14-laion2B-s32B-b79K', 1024, 77, 986_109_441, [3944, 1977, 995], 'mit'],
  ['laion/CLIP-ViT-B-32-xlm-roberta-base-laion5B-s13B-b90k', 512, 77, 366_121_473, [1464, 735, 370], 'mit'],
  [
    'laion/CLIP-ViT-H-14-frozen-xlm-roberta-large-laion5B-s13B-b90k',
    1024,
    77,
    1_193_014_785,
    [4772, 2393, 1203],
    'mit',
  ],
  ['laion/CLIP-convnext_base_w-laion2B-s13B-b82K', 640, 77, 179_385_345, [718, 362, 185], 'mit'],
  ['laion/CLIP-convnext_large_d_320.laion2B-s29B-b131K-ft-soup', 768, 77, 351_772_609, [1407, 708, 360], 'mit'],
  ['timm/eva02_base_patch16_clip_224.merged2b_s8b_b131k', 512, 77, 149_691_137, [599, 301, 153], 'mit'],
  ['timm/eva02_large_patch14_clip_224.merged2b_s4b_b131k', 768, 77, 427_755_457, [1711, 859, 434], 'mit'],
  ['timm/PE-Core-B-16', 1024, 32, 447_660_545, [1791, 898, 453], 'apache-2.0'],
  ['timm/PE-Core-L-14-336', 1024, 32, 671_138_817, [2685, 1347, 679], 'apache-2.0'],
  ['apple/MobileCLIP-S1-OpenCLIP', 512, 77, 85_059_073, [340, 173, 89], 'apple-amlr'],
  ['apple/MobileCLIP-S2-OpenCLIP', 512, 77, 99_367_809, [397, 202, 105], 'apple-amlr'],
  ['timm/MobileCLIP2-S0-OpenCLIP', 512, 77, 74_885_761, [300, 151, 78], 'apple-amlr'],
  ['timm/MobileCLIP2-S2-OpenCLIP', 512, 77, 99_367_809, [397, 202, 105], 'apple-amlr'],
  ['timm/MobileCLIP2-B-OpenCLIP', 512, 77, 149_777_921, [599, 301, 152], 'apple-amlr'],
  ['timm/MobileCLIP2-S3-OpenCLIP', 768, 77, 249_051_457, [996, 503, 259], 'apple-amlr'],
  ['timm/MobileCLIP2-S4-OpenCLIP', 768, 77, 445_664_001, [1783, 898, 459], 'apple-amlr'],
  ['timm/MobileCLIP2-L-14-OpenCLIP', 768, 77, 427_617_281, [1710, 858, 433], 'apple-amlr'],
  ['jinaai/jina-clip-v1', 768, 8192, 222_647_041, [891, 447, 225], 'apache-2.0'],
  ['google/siglip-base-patch16-224', 768, 64, 203_155_970, [813, 408, 206], 'apache-2.0'],
  ['google/siglip-so400m-patch14-384', 1152, 64, 877_960_498, [3512, 1762, 887], 'apache-2.0'],
  ['google/siglip2-base-patch16-224', 768, 64, 375_187_970, [1501, 753, 379], 'apache-2.0'],
  ['google/siglip2-base-patch16-naflex', 768, 64, 375_234_050, [1501, 753, 379], 'apache-2.0'],
  ['google/siglip2-so400m-patch16-naflex', 1152, 64, 1_135_670_962, [4543, 2277, 1144], 'apache-2.0'],
  ['google/siglip2-so400m-patch14-384', 1152, 64, 1_136_008_498, [4544, 2279, 1146], 'apache-2.0'],
  ['facebook/metaclip-2-worldwide-huge-quickgelu', 1024, 77, 1_858_783_745, [7435, 3726, 1871], 'cc-by-nc-4.0'],
];

const images: readonly Row[] = [
  ['facebook/dinov2-small', 384, undefined, 22_056_192, [88, 45, 24], 'apache-2.0'],
  ['facebook/dinov2-base', 768, undefined, 86_579_712, [346, 176, 90], 'apache-2.0'],
  ['facebook/dinov2-large', 1024, undefined, 304_367_616, [1217, 613, 311], 'apache-2.0'],
  ['facebook/dinov2-giant', 1536, undefined, 1_136_479_232, [4546, 2282, 1148], 'apache-2.0'],
  ['facebook/dinov2-with-registers-base', 768, undefined, 86_582_784, [346, 176, 91], 'apache-2.0'],
  ['google/vit-base-patch16-224-in21k', 768, undefined, 86_389_248, [346, 174, 88], 'apache-2.0'],
  ['nomic-ai/nomic-embed-vision-v1.5', 768, undefined, 92_946_688, [372, 187, 94], 'apache-2.0'],
  ['microsoft/resnet-50', 2048, undefined, 23_561_152, [94, 47, 24], 'apache-2.0'],
];

/** With a tower of texts. */
const sounds: readonly Row[] = [['laion/clap-htsat-unfused', 512, 512, 153_493_017, [614, 309, 157], 'apache-2.0']];

const texts: readonly Row[] = [
  ['sentence-transformers/all-MiniLM-L6-v2', 384, 256, 22_565_376, [90, 46, 23], 'apache-2.0'],
  ['jinaai/jina-embeddings-v2-base-en', 768, 8192, 136_777_728, [547, 274, 138], 'apache-2.0'],
  ['nomic-ai/nomic-embed-text-v1.5', 768, 8192, 136_731_648, [547, 274, 137], 'apache-2.0'],
  ['BAAI/bge-base-en-v1.5', 768, 512, 108_891_648, [436, 219, 111], 'mit'],
];

/** Licences above that forbid commercial use. */
const research: readonly string[] = ['apple-amlr', 'cc-by-nc-4.0'];

function known(rows: readonly Row[], modalities: KnownModel['modalities']): readonly KnownModel[] {
  return rows.map(([model, dim, context, parameters, [float32, int16, int8], licence]) => ({
    model,
    modalities,
    dim,
    ...(context !== undefined && { context }),
    parameters,
    megabytes: { float32, int16, int8 },
    licence,
    ...(research.includes(licence) && { nonCommercial: true }),
  }));
}

/** Models that people name, each of which opens: those for texts and images, for texts and sounds, then those for images and for texts alone. */
export const knownModels: readonly KnownModel[] = [
  ...known(both, ['text', 'image']),
  ...known(sounds, ['text', 'audio']),
  ...known(images, ['image']),
  ...known(texts, ['text']),
];

/** Models that people name and that are refused. */
export const refusedModels: readonly RefusedModel[] = [
  {
    model: 'jinaai/jina-clip-v2',
    refused: 'its networks are code of its own',
    instead: 'google/siglip2-base-patch16-224',
  },
  { model: 'laion/CoCa-ViT-B-32-laion2B-s13B-b90k', refused: 'its pooling is by several queries' },
  {
    model: 'Salesforce/blip-itm-base-coco',
    refused: 'texts are read together with images',
    instead: 'google/siglip2-base-patch16-224',
  },
  { model: 'kakaobrain/align-base', refused: 'its image tower is an EfficientNet' },
  { model: 'laion/clap-htsat-fused', refused: 'its spectra are fused', instead: 'laion/clap-htsat-unfused' },
];
