import type { Encoder, ImageBatch } from '@diptych/core';
import { mobileNet, mobileNetSpec, mobileNetV3SmallConfig, resnet, resnetSpec } from '@diptych/image-encoder';
import { initializeModel, seededRandom } from '@diptych/nn';

/** Networks of convolutions with random weights, the same for every one made. */
export const convNets: Readonly<Record<string, () => Encoder<ImageBatch>>> = {
  'ResNet-50': () => {
    const config = {
      stemWidth: 64,
      widths: [256, 512, 1024, 2048],
      depths: [3, 4, 6, 3],
      block: 'bottleneck',
    } as const;
    return resnet(config, initializeModel(resnetSpec(config), 1).params);
  },
  'MobileNet v3 small': () => {
    const config = mobileNetV3SmallConfig;
    return mobileNet(config, initializeModel(mobileNetSpec(config), 1).params);
  },
};

/** Random pixels. */
export function images(n: number, size: number): ImageBatch {
  const random = seededRandom(3);
  const pixels = Float32Array.from({ length: n * size * size * 3 }, () => 4 * random() - 2);
  return { pixels, shape: [n, size, size, 3] };
}
