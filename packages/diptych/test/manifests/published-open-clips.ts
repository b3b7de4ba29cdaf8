import type { Json } from '../changed-kind.ts';
import type { Growth } from './grown.ts';
import type { Published } from './published.ts';

interface OpenClipSizes {
  readonly dim: number;
  /** Width and layers of CLIP's text tower. */
  readonly text: readonly [width: number, layers: number];
  readonly context?: number;
  /** `vision_cfg`. */
  readonly image: Json;
  readonly lengths: Growth['lengths'];
  readonly counts: NonNullable<Growth['counts']>;
  readonly other?: Partial<Published>;
}

/** A model of open_clip whose text tower is CLIP's. */
function openClip(model: string, folder: string, { text, dim, context = 77, ...sizes }: OpenClipSizes): Published {
  const [width, layers] = text;
  const words = { 10: context, 12: context, 16: dim, 20: context, 24: width, 64: 49_408, 70: 49_408, 72: 3 * width };
  return {
    model,
    folder,
    json: {
      'open_clip_config.json': {
        model_cfg: {
          embed_dim: dim,
          quick_gelu: false,
          vision_cfg: sizes.image,
          text_cfg: {
            context_length: context,
            vocab_size: 49_408,
            width,
            heads: width / 64,
            layers,
            ...(folder.startsWith('oracles/') && { mlp_ratio: 4 }),
          },
        },
      },
    },
    weights: {
      'open_clip_model.safetensors': {
        lengths: [...sizes.lengths, [/./, { ...words, [folder.startsWith('oracles/') ? 48 : 96]: 4 * width }]],
        counts: { 'transformer.resblocks.': layers, 'text.transformer.resblocks.': layers, ...sizes.counts },
      },
    },
    ...sizes.other,
  };
}

/** A vision transformer of timm. */
function transformer(
  model: string,
  folder: string,
  [width, layers, mlpWidth = 4 * width]: readonly [number, number, number?],
  { name, side, ...sizes }: Pick<OpenClipSizes, 'dim' | 'text' | 'context' | 'other'> & { name: string; side: number },
): Published {
  const patch = Number(/patch(\d+)/.exec(name)?.[1] ?? 14);
  const grid = (side / patch) ** 2;
  return openClip(model, folder, {
    ...sizes,
    image: { timm_model_name: name, image_size: side },
    lengths: [
      [/^visual\.trunk\.pos_embed/, { 16: grid, 17: grid + 1, 32: width }],
      [/\.attn_pool\.mlp/, { 32: width, 128: 4 * width }],
      [
        /^visual/,
        {
          8: patch,
          16: sizes.dim,
          32: width,
          64: 2 * width,
          85: mlpWidth,
          96: 3 * width,
          128: mlpWidth,
          186: mlpWidth,
        },
      ],
    ],
    counts: { 'visual.trunk.blocks.': layers },
  });
}

function stages(begin: string, depths: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(depths.map((depth, i) => [`${begin}stages.${i}.blocks.`, depth]));
}

function convNext(
  model: string,
  kind: string,
  widths: readonly [number, number, number, number],
  {
    head,
    ...own
  }: Pick<OpenClipSizes, 'dim' | 'text' | 'image'> & {
    head: Readonly<Record<number, number>>;
    depths?: readonly number[];
    other?: Partial<Published>;
  },
): Published {
  const each = [8, 12, 16, 24].flatMap((small, i) => [
    [small, widths[i]!],
    [4 * small, 4 * widths[i]!],
  ]);
  return openClip(model, `oracles2/convnext_clip/${kind}`, {
    ...own,
    lengths: [
      [/^visual\.head/, { 24: widths[3], 16: own.dim, ...head }],
      [/^visual/, { 2: 2, 4: 4, 7: 7, ...Object.fromEntries(each) }],
    ],
    counts: stages('visual.trunk.', own.depths ?? [3, 3, 27, 3]),
  });
}

/** FastViT: what each stage of the small model is wide, and how wide it is in truth. */
function fastVit(
  model: string,
  kind: 's0' | 's3',
  depths: readonly number[],
  { name, widths }: { name: string; widths: readonly number[] },
): Published {
  const [small, ratio, dim] =
    kind === 's0' ? ([[16, 16, 32, 64], 3, 512] as const) : ([[8, 8, 16, 32, 32], 4, 768] as const);
  const [end, smallEnd] = [2 * widths.at(-1)!, 2 * small.at(-1)!];
  const kernel = { 3: 3, 7: 7 };
  const ofStage = (i: number) => {
    const [own, full] = [small[i]!, widths[i]!];
    // Attention's queries, keys and values are three times as wide too; a squeeze is a quarter.
    const becomes = { ...kernel, [own / 4]: full / 4, [3 * own]: 3 * full, [ratio * own]: ratio * full, [own]: full };
    return [new RegExp(`^visual\\.trunk\\.stages\\.${i}\\.`), becomes] as const;
  };
  return openClip(model, `oracles2/mobileclip2/${kind}`, {
    dim,
    text: [dim, 12],
    image: { timm_model_name: name, image_size: 256 },
    lengths: [
      [/^visual\.trunk\.stem/, { ...kernel, [small[0]]: widths[0]! }],
      ...small.map((_, i) => ofStage(i)),
      [/^visual\.trunk\.(final_conv|head)/, { ...kernel, [smallEnd / 16]: end / 16, [smallEnd]: end, 16: dim }],
    ],
    counts: stages('visual.trunk.', depths),
    other: { unused: /num_batches_tracked$/ },
  });
}

const plain = (width: number, layers: number, patch: number, dim: number) => ({
  image: { width, layers, patch_size: patch, image_size: 224, head_width: width === 1280 ? 80 : 64, mlp_ratio: 4 },
  lengths: [
    [/^visual/, { 8: patch, 16: dim, 17: (224 / patch) ** 2 + 1, 32: width, 64: 4 * width, 96: 3 * width }],
  ] as Growth['lengths'],
  counts: { 'visual.transformer.resblocks.': layers },
});

/** XLM-R as the text tower, whose sizes its name says. */
function multilingual(
  model: string,
  name: string,
  [textWidth, textLayers]: readonly [number, number],
  { dim, ...image }: ReturnType<typeof plain> & { dim: number },
): Published {
  const text = { 24: dim, 28: (textWidth + dim) / 2, 32: textWidth, 34: 514, 64: 4 * textWidth, 78: 250_002 };
  return {
    model,
    folder: 'oracles2/xlmr/open_clip_mlp',
    json: {
      'open_clip_config.json': {
        model_cfg: { embed_dim: dim, vision_cfg: image.image, text_cfg: { hf_model_name: name } },
      },
    },
    weights: {
      'open_clip_model.safetensors': {
        lengths: [[/^visual\.proj/, { 24: dim, 32: image.image.width }], ...image.lengths, [/^text/, text]],
        counts: { ...image.counts, 'text.transformer.encoder.layer.': textLayers },
      },
    },
  };
}

const [eva, pe, mobile] = ['oracles2/eva02_clip/eva02', 'oracles2/pe_core/core', 'oracles2/mobileclip2/l14'];
const [b, l] = [
  { dim: 512, text: [512, 12], side: 224 },
  { dim: 768, text: [768, 12], side: 224 },
] as const;
const core = { dim: 1024, text: [1024, 24], context: 32 } as const;

/** Texts and images, as open_clip publishes them. */
export const publishedOpenClips: readonly Published[] = [
  openClip('laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 'oracles/tiny_clip_openclip', {
    dim: 512,
    text: [512, 12],
    ...plain(768, 12, 32, 512),
  }),
  openClip('laion/CLIP-ViT-H-14-laion2B-s32B-b79K', 'oracles/tiny_clip_openclip', {
    dim: 1024,
    text: [1024, 24],
    ...plain(1280, 32, 14, 1024),
  }),
  multilingual('laion/CLIP-ViT-B-32-xlm-roberta-base-laion5B-s13B-b90k', 'xlm-roberta-base', [768, 12], {
    dim: 512,
    ...plain(768, 12, 32, 512),
  }),
  multilingual('laion/CLIP-ViT-H-14-frozen-xlm-roberta-large-laion5B-s13B-b90k', 'xlm-roberta-large', [1024, 24], {
    dim: 1024,
    ...plain(1280, 32, 14, 1024),
  }),
  convNext('laion/CLIP-convnext_base_w-laion2B-s13B-b82K', 'base_w', [128, 256, 512, 1024], {
    dim: 640,
    text: [640, 12],
    image: { timm_model_name: 'convnext_base', image_size: 256 },
    head: {},
  }),
  convNext('laion/CLIP-convnext_large_d_320.laion2B-s29B-b131K-ft-soup', 'large_d', [192, 384, 768, 1536], {
    dim: 768,
    text: [768, 16],
    image: { timm_model_name: 'convnext_large', image_size: 320 },
    head: { 32: 1536 },
  }),
  convNext('laion/CLIP-convnext_xxlarge-laion2B-s34B-b82K-augreg', 'xxlarge', [384, 768, 1536, 3072], {
    dim: 1024,
    text: [1024, 24],
    image: { timm_model_name: 'convnext_xxlarge', image_size: 256 },
    head: {},
    depths: [3, 4, 30, 3],
    other: { millions: 1200.58 },
  }),
  transformer('timm/eva02_base_patch16_clip_224.merged2b_s8b_b131k', eva, [768, 12, 2048], {
    name: 'eva02_base_patch16_clip_224',
    ...b,
  }),
  transformer('timm/eva02_large_patch14_clip_224.merged2b_s4b_b131k', eva, [1024, 24, 2730], {
    name: 'eva02_large_patch14_clip_224',
    ...l,
  }),
  transformer('timm/PE-Core-T-16-384', pe, [192, 12], {
    name: 'vit_pe_core_tiny_patch16_384',
    ...b,
    side: 384,
    context: 32,
  }),
  transformer('timm/PE-Core-S-16-384', pe, [384, 12], {
    name: 'vit_pe_core_small_patch16_384',
    ...b,
    side: 384,
    context: 32,
  }),
  transformer('timm/PE-Core-B-16', pe, [768, 12], { name: 'vit_pe_core_base_patch16_224', ...core, side: 224 }),
  transformer('timm/PE-Core-L-14-336', pe, [1024, 24], {
    name: 'vit_pe_core_large_patch14_336',
    ...core,
    side: 336,
  }),
  transformer('timm/PE-Core-bigG-14-448', 'oracles2/pe_core/gigantic', [1536, 50, 8960], {
    name: 'vit_pe_core_gigantic_patch14_448',
    dim: 1280,
    text: [1280, 24],
    context: 72,
    side: 448,
  }),
  fastVit('apple/MobileCLIP-S1-OpenCLIP', 's0', [4, 12, 20, 4], { name: 'fastvit_mci1', widths: [64, 128, 256, 512] }),
  fastVit('apple/MobileCLIP-S2-OpenCLIP', 's0', [4, 12, 24, 4], { name: 'fastvit_mci2', widths: [80, 160, 320, 640] }),
  fastVit('timm/MobileCLIP2-S0-OpenCLIP', 's0', [2, 6, 10, 2], { name: 'fastvit_mci0', widths: [64, 128, 256, 512] }),
  fastVit('timm/MobileCLIP2-S2-OpenCLIP', 's0', [4, 12, 24, 4], { name: 'fastvit_mci2', widths: [80, 160, 320, 640] }),
  fastVit('timm/MobileCLIP2-S3-OpenCLIP', 's3', [2, 12, 24, 4, 2], {
    name: 'fastvit_mci3',
    widths: [96, 192, 384, 768, 1536],
  }),
  fastVit('timm/MobileCLIP2-S4-OpenCLIP', 's3', [2, 12, 24, 4, 4], {
    name: 'fastvit_mci4',
    widths: [128, 256, 512, 1024, 2048],
  }),
  transformer('timm/MobileCLIP2-L-14-OpenCLIP', mobile, [1024, 24], { name: 'vit_large_patch14_clip_224', ...l }),
];
