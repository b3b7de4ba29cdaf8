import { type Encoder, type ImageBatch, seededRandom, type WeightType } from '@diptych/core';
import {
  clipResnet,
  clipResnetSpec,
  fastVit,
  fastVitSpec,
  mobileNet,
  type MobileNetConfig,
  mobileNetSpec,
  mobileNetV1,
  mobileNetV1Config,
  mobileNetV1Spec,
  mobileNetV3SmallConfig,
  resnet,
  resnetSpec,
  vgg,
  vgg19Config,
  vggSpec,
} from '@diptych/image-encoder';
import { initializeModel, type ParamsOf, type Spec } from '@diptych/nn';
import { loadedModel } from './models.ts';
import type { Injection } from './outliers.ts';

/** A network of convolutions with random weights, the same whenever it is opened. */
export interface ConvNet {
  /** Of its images, in pixels. */
  readonly size: number;
  readonly open: () => OpenNet;
  /** With weights as they are loaded, and kept folded where the network folds them. */
  readonly load: (dtype: WeightType) => Promise<OpenNet>;
}

type OpenNet = Disposable & { readonly encoder: Encoder<ImageBatch> };

const resnet50 = { stemWidth: 64, widths: [256, 512, 1024, 2048], depths: [3, 4, 6, 3], block: 'bottleneck' } as const;
const rn50 = { imageSize: 224, width: 64, depths: [3, 4, 6, 3], heads: 32, dim: 1024 };
const rn50x4 = { imageSize: 288, width: 80, depths: [4, 6, 10, 6], heads: 40, dim: 640 };
const mci = { widths: [64, 128, 256, 512], mlpRatio: 3, dim: 512 } as const;
const mci0 = { ...mci, depths: [2, 6, 10, 2] } as const;
const mci1 = { ...mci, depths: [4, 12, 20, 4] } as const;
const mci2 = { ...mci, depths: [4, 12, 24, 4], widths: [80, 160, 320, 640] } as const;
const mobileV1 = mobileNetV1Config(1);

/** Times wider inside, output channels, number and first stride of blocks: table 2 of arXiv:1801.04381. */
const v2Blocks = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

const mobileV2: MobileNetConfig = {
  stemWidth: 32,
  blocks: v2Blocks.flatMap(([times, outputs, count, stride], stage) =>
    Array.from({ length: count }, (_, i) => {
      const inputs = i > 0 ? outputs : (v2Blocks[stage - 1]?.[1] ?? 32);
      const first = i > 0 ? 1 : stride;
      return { size: 3, expanded: times * inputs, outputs, squeezed: 0, activation: 'relu6', stride: first };
    }),
  ),
  dim: 1280,
  activation: 'relu6',
  batchNormEpsilon: 1e-5,
};

export const convNets: Readonly<Record<string, ConvNet>> = {
  'ResNet-50': net(224, resnetSpec(resnet50), (params) => resnet(resnet50, params)),
  'MobileNet v3 small': net(224, mobileNetSpec(mobileNetV3SmallConfig), (params) =>
    mobileNet(mobileNetV3SmallConfig, params),
  ),
  'MobileNet v2': net(224, mobileNetSpec(mobileV2), (params) => mobileNet(mobileV2, params)),
  'MobileNet v1': net(224, mobileNetV1Spec(mobileV1), (params) => mobileNetV1(mobileV1, params)),
  'CLIP RN50': net(224, clipResnetSpec(rn50), (params) => clipResnet(rn50, params)),
  'CLIP RN50x4': net(288, clipResnetSpec(rn50x4), (params) => clipResnet(rn50x4, params)),
  'FastViT MCi0': net(256, fastVitSpec(mci0), (params) => fastVit(mci0, params)),
  'FastViT MCi1': net(256, fastVitSpec(mci1), (params) => fastVit(mci1, params)),
  'FastViT MCi2': net(256, fastVitSpec(mci2), (params) => fastVit(mci2, params)),
  'VGG-19': net(224, vggSpec(vgg19Config), (params) => vgg(vgg19Config, params)),
};

export function net<S extends Spec>(
  size: number,
  spec: S,
  make: (params: ParamsOf<S>) => Encoder<ImageBatch>,
): ConvNet {
  const open = () => {
    const model = initializeModel(spec, 1);
    return { encoder: make(model.params), [Symbol.dispose]: () => model[Symbol.dispose]() };
  };
  const load = async (dtype: WeightType) => {
    const model = await loadedModel(spec, { seed: 1, dtype, inject: trained });
    const made = make(model.params);
    const keeping = made.keeping?.();
    const encoder = keeping ?? made;
    const free = () => {
      keeping?.[Symbol.dispose]();
      model[Symbol.dispose]();
    };
    return { encoder, [Symbol.dispose]: free };
  };
  return { size, open, load };
}

/** Branches that start near zero weigh as much as those of trained models, so that an error in them is seen. */
const trained: Injection = (values) => {
  for (const [path, array] of values) if (path.endsWith('Scale')) array.fill(0.2);
};

/** Random pixels. */
export function images(n: number, size: number): ImageBatch {
  const random = seededRandom(3);
  const pixels = Float32Array.from({ length: n * size * size * 3 }, () => 4 * random() - 2);
  return { pixels, shape: [n, size, size, 3] };
}
