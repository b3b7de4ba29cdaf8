/** What is known of a model beside what `knownModels` of `diptych` has. */
export interface Published {
  /** Zero-shot top-1 on ImageNet, in percent. */
  readonly imagenet?: number;
  /** Recall at 1 on Flickr30k, pictures by captions, in percent. */
  readonly flickr30k?: number;
}

/**
 * By the names of `knownModels`. Percentages are those of open_clip's `openclip_results.csv` and
 * `openclip_retrieval_results.csv` (commit 89fb801) and of Apple's READMEs, of weights in float32.
 */
export const published: Readonly<Record<string, Published>> = {
  'openai/clip-vit-base-patch32': { imagenet: 63.3, flickr30k: 58.8 },
  'openai/clip-vit-base-patch16': { imagenet: 68.3, flickr30k: 62.2 },
  'openai/clip-vit-large-patch14': { imagenet: 75.5, flickr30k: 65 },
  'laion/CLIP-ViT-B-32-laion2B-s34B-b79K': { imagenet: 66.6, flickr30k: 66.8 },
  'apple/MobileCLIP-S1-OpenCLIP': { imagenet: 72.6 },
  'apple/MobileCLIP-S2-OpenCLIP': { imagenet: 74.4, flickr30k: 73.4 },
  'google/siglip-base-patch16-224': { imagenet: 76, flickr30k: 74.7 },
};
