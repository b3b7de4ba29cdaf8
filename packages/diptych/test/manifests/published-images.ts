import { type Published, sizes } from './published.ts';

const [config, processor, weights] = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

function dinov2(model: string, [width, layers]: readonly [number, number], own: Partial<Published> = {}): Published {
  return {
    model,
    folder: 'oracles2/dinov2/base',
    json: { [config]: { ...sizes(width, layers), image_size: 518, patch_size: 14 }, [processor]: {} },
    weights: {
      [weights]: {
        lengths: [[/./, { 4: 4, 7: 14, 32: width, 65: 1370, 88: 4096, 128: 4 * width, 176: 8192 }]],
        counts: { 'encoder.layer.': layers },
      },
    },
    unused: /mask_token$/,
    ...own,
  };
}

const vit = (model: string, folder: string, own: Partial<Published> = {}): Published => ({
  model,
  folder,
  json: { [config]: { ...sizes(768, 12), image_size: 224, patch_size: 16 }, [processor]: { size: 224 } },
  weights: {
    [weights]: {
      lengths: [[/./, { 5: 1000, 8: 16, 17: 197, 32: 768, 64: 3072 }]],
      counts: { 'encoder.layer.': 12, 'vit.encoder.layer.': 12 },
    },
  },
  ...own,
});

/** Images alone, as transformers publishes them. */
export const publishedImages: readonly Published[] = [
  dinov2('facebook/dinov2-small', [384, 12]),
  dinov2('facebook/dinov2-base', [768, 12]),
  dinov2('facebook/dinov2-large', [1024, 24]),
  dinov2('facebook/dinov2-giant', [1536, 40], { folder: 'oracles2/dinov2/giant' }),
  dinov2('facebook/dinov2-with-registers-base', [768, 12], { folder: 'oracles2/dinov2_registers' }),
  vit('google/vit-base-patch16-224-in21k', 'oracles2/vit/in21k'),
  // As in21k, without its pooler.
  vit('google/vit-base-patch16-224', 'oracles2/vit/classifier', {
    unused: /^classifier/,
    parameters: 86_389_248 - 590_592,
  }),
  {
    model: 'nomic-ai/nomic-embed-vision-v1.5',
    folder: 'oracles2/nomic_vision',
    json: {
      [config]: { n_embd: 768, n_head: 12, n_inner: 2048, n_layer: 12, img_size: 224, patch_size: 16 },
      [processor]: { size: { shortest_edge: 224 }, crop_size: { height: 224, width: 224 } },
    },
    weights: {
      [weights]: {
        lengths: [[/./, { 17: 197, 32: 768, 64: 1536, 96: 2304, 192: 768, 256: 2048 }]],
        counts: { 'layers.': 12 },
      },
    },
  },
];
