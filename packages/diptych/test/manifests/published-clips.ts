import type { Json } from '../changed-kind.ts';
import { type Published, sizes } from './published.ts';

const [config, processor, weights] = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

type Tower = readonly [width: number, layers: number, mlpWidth?: number];

const pixels = (side: number) => ({ height: side, width: side });

/** CLIP in transformers' layout. */
function clip(
  model: string,
  folder: string,
  { text, image, dim, vocabSize = 49_408, patch = 16, side = 224 }: ClipSizes,
): Published {
  const [[textWidth, textLayers], [width, layers]] = [text, image];
  const positions = (side / patch) ** 2 + 1;
  // The MLPs of the two small models are two and four times as wide as the rest.
  const small = folder === 'oracles/tiny_clip';
  return {
    model,
    folder,
    json: {
      [config]: {
        projection_dim: dim,
        text_config: {
          ...sizes(textWidth, textLayers),
          vocab_size: vocabSize,
          max_position_embeddings: 77,
          projection_dim: dim,
        },
        vision_config: { ...sizes(width, layers), patch_size: patch, image_size: side, projection_dim: dim },
      },
    },
    weights: {
      [weights]: {
        lengths: [
          [
            /^text/,
            { 12: 77, 20: 77, 64: vocabSize, 78: vocabSize, 16: dim, 24: textWidth, [small ? 48 : 96]: 4 * textWidth },
          ],
          [/^vis/, { 8: patch, 16: dim, 17: positions, 32: width, [small ? 64 : 128]: 4 * width }],
        ],
        counts: { 'text_model.encoder.layers.': textLayers, 'vision_model.encoder.layers.': layers },
      },
    },
  };
}

interface ClipSizes {
  readonly text: Tower;
  readonly image: Tower;
  readonly dim: number;
  readonly vocabSize?: number;
  readonly patch?: number;
  readonly side?: number;
}

/** SigLIP, of fixed size or NaFlex. */
function siglip(
  model: string,
  image: Tower,
  { vocabSize = 256_000, patch = 16, side = 224, naflex = false },
): Published {
  const [width, layers, mlpWidth = 4 * width] = image;
  const count = naflex ? 256 : Math.floor(side / patch) ** 2;
  const heads = { num_attention_heads: width === 1152 ? 16 : width / 64 };
  return {
    model,
    folder: `oracles2/siglip2/${naflex ? 'naflex' : 'fixed'}`,
    json: {
      [config]: {
        text_config: {
          ...sizes(width, layers, mlpWidth),
          ...heads,
          projection_size: width,
          vocab_size: vocabSize,
          max_position_embeddings: 64,
        },
        vision_config: {
          ...sizes(width, layers, mlpWidth),
          ...heads,
          patch_size: patch,
          ...(naflex ? { num_patches: count } : { image_size: side }),
        },
      },
      [processor]: naflex ? { patch_size: patch, max_num_patches: count } : { size: pixels(side) },
    },
    weights: {
      [weights]: {
        lengths: [
          [/^text/, { 12: 64, 32: width, 60: vocabSize, 80: mlpWidth }],
          [/^vis/, { 8: patch, 16: count, 32: width, 80: mlpWidth, 96: 3 * width, 192: 3 * patch ** 2 }],
        ],
        counts: { 'text_model.encoder.layers.': layers, 'vision_model.encoder.layers.': layers },
      },
    },
  };
}

const so400m: Tower = [1152, 27, 4304];

/** Texts and images, as transformers publishes them. */
export const publishedClips: readonly Published[] = [
  clip('openai/clip-vit-base-patch32', 'oracles/tiny_clip', { text: [512, 12], image: [768, 12], dim: 512, patch: 32 }),
  clip('openai/clip-vit-base-patch16', 'oracles/tiny_clip', { text: [512, 12], image: [768, 12], dim: 512 }),
  ...[224, 336].map((side) =>
    clip(`openai/clip-vit-large-patch14${side === 224 ? '' : '-336'}`, 'oracles/tiny_clip', {
      text: [768, 12],
      image: [1024, 24],
      dim: 768,
      patch: 14,
      side,
    }),
  ),
  clip('facebook/metaclip-2-worldwide-huge-quickgelu', 'oracles2/metaclip2/hf', {
    text: [1024, 24],
    image: [1280, 32],
    dim: 1024,
    vocabSize: 901_629,
    patch: 14,
  }),
  siglip('google/siglip-base-patch16-224', [768, 12], { vocabSize: 32_000 }),
  siglip('google/siglip-so400m-patch14-384', so400m, { vocabSize: 32_000, patch: 14, side: 384 }),
  siglip('google/siglip2-base-patch16-224', [768, 12], {}),
  siglip('google/siglip2-so400m-patch14-384', so400m, { patch: 14, side: 384 }),
  siglip('google/siglip2-base-patch16-naflex', [768, 12], { naflex: true }),
  siglip('google/siglip2-so400m-patch16-naflex', so400m, { naflex: true }),
  {
    model: 'jinaai/jina-clip-v1',
    folder: 'oracles2/jina_clip_v1/clip',
    json: {
      [config]: {
        projection_dim: 768,
        text_config: { embed_dim: 768 },
        vision_config: { embed_dim: 768, width: 768, head_width: 64, layers: 12, image_size: 224, patch_size: 16 },
      } satisfies Json,
      [processor]: {},
    },
    weights: {
      [weights]: {
        lengths: [
          [/word_embeddings/, { 48: 768, 144: 30_528 }],
          [/^text/, { 2: 2, 48: 768, 64: 3072, 128: 6144, 144: 2304 }],
          [/^vis/, { 8: 16, 17: 197, 48: 768, 128: 2048 }],
        ],
        counts: { 'text_model.transformer.encoder.layers.': 12, 'vision_model.blocks.': 12 },
      },
    },
  },
];
