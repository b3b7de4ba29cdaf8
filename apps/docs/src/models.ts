/** A published model that opens, and what its publishers say of it. */
export interface PublishedModel {
  /** On the hub, or the package. */
  readonly id: string;
  /** Name of the `Architecture` that opens it. */
  readonly family: string;
  readonly modalities: 'text and image' | 'text' | 'image';
  /** Trained numbers, in millions. */
  readonly millions: number;
  /** Components of a row. */
  readonly dim: number;
  readonly licence: string;
  /** Zero-shot top-1 on ImageNet, in percent. */
  readonly imagenet?: number;
  /** Recall at 1 on Flickr30k, images by captions, in percent. */
  readonly flickr30k?: number;
}

const both = { modalities: 'text and image' } as const;

/**
 * Sizes are those of the published files, numbers those of open_clip's `openclip_results.csv` and
 * `openclip_retrieval_results.csv` (commit 89fb801), of Apple's and of Microsoft's READMEs. Percentages are of weights in
 * float32; those of our own two models are on their cards.
 */
export const models: readonly PublishedModel[] = [
  {
    id: 'wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M',
    family: 'clip',
    ...both,
    millions: 23,
    dim: 512,
    licence: 'MIT',
    imagenet: 41.1,
  },
  {
    id: 'apple/MobileCLIP-S0-OpenCLIP',
    family: 'open_clip',
    ...both,
    millions: 54,
    dim: 512,
    licence: 'Apple',
    imagenet: 67.8,
    flickr30k: 67.7,
  },
  {
    id: 'apple/MobileCLIP-S1-OpenCLIP',
    family: 'open_clip',
    ...both,
    millions: 85,
    dim: 512,
    licence: 'Apple',
    imagenet: 72.6,
  },
  {
    id: 'apple/MobileCLIP-S2-OpenCLIP',
    family: 'open_clip',
    ...both,
    millions: 99,
    dim: 512,
    licence: 'Apple',
    imagenet: 74.4,
    flickr30k: 73.4,
  },
  {
    id: 'openai/clip-vit-base-patch32',
    family: 'clip',
    ...both,
    millions: 151,
    dim: 512,
    licence: 'MIT',
    imagenet: 63.3,
    flickr30k: 58.8,
  },
  {
    id: 'laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
    family: 'open_clip',
    ...both,
    millions: 151,
    dim: 512,
    licence: 'MIT',
    imagenet: 66.6,
    flickr30k: 66.8,
  },
  {
    id: 'openai/clip-vit-base-patch16',
    family: 'clip',
    ...both,
    millions: 150,
    dim: 512,
    licence: 'MIT',
    imagenet: 68.3,
    flickr30k: 62.2,
  },
  {
    id: 'openai/clip-vit-large-patch14',
    family: 'clip',
    ...both,
    millions: 428,
    dim: 768,
    licence: 'MIT',
    imagenet: 75.5,
    flickr30k: 65,
  },
  {
    id: 'google/siglip-base-patch16-224',
    family: 'siglip',
    ...both,
    millions: 203,
    dim: 768,
    licence: 'Apache-2.0',
    imagenet: 76,
    flickr30k: 74.7,
  },
  { id: 'google/siglip2-base-patch16-224', family: 'siglip', ...both, millions: 375, dim: 768, licence: 'Apache-2.0' },
  {
    id: 'OFA-Sys/chinese-clip-vit-base-patch16',
    family: 'chinese_clip',
    ...both,
    millions: 188,
    dim: 512,
    licence: 'Apache-2.0',
  },
  {
    id: 'sentence-transformers/clip-ViT-B-32',
    family: 'sentence-transformers',
    ...both,
    millions: 151,
    dim: 512,
    licence: 'Apache-2.0',
  },
  {
    id: 'sentence-transformers/all-MiniLM-L6-v2',
    family: 'sentence-transformers',
    modalities: 'text',
    millions: 23,
    dim: 384,
    licence: 'Apache-2.0',
  },
  {
    id: 'google-bert/bert-base-uncased',
    family: 'bert',
    modalities: 'text',
    millions: 109,
    dim: 768,
    licence: 'Apache-2.0',
  },
  { id: 'microsoft/resnet-50', family: 'resnet', modalities: 'image', millions: 24, dim: 2048, licence: 'Apache-2.0' },
];
