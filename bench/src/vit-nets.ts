import { vit, type VitConfig, vitSpec } from '@diptych/image-encoder';
import { imageConfig } from './clip-b32.ts';
import { type ConvNet, net } from './conv-nets.ts';

/** The image tower of TinyCLIP ViT-8M/16, Wu et al. 2023, arXiv:2309.12314. */
export const tinyClip = { ...imageConfig, patchSize: 16, width: 256, layers: 10, heads: 4, mlpWidth: 1024 };

/** Transformers other than the one that kernels were tuned for. */
export const vitNets: Readonly<Record<string, ConvNet>> = {
  'ViT-B/16': vitNet({ ...imageConfig, patchSize: 16 }),
  'TinyCLIP 8M/16': vitNet(tinyClip),
};

function vitNet(config: VitConfig): ConvNet {
  return net(config.imageSize, vitSpec(config), (params) => vit(config, params));
}
