import { type Encoder, type ImageBatch, seededRandom } from '@diptych/core';
import {
  clipResnet,
  clipResnetSpec,
  fastVit,
  fastVitSpec,
  mobileNet,
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

/** A network of convolutions with random weights, the same whenever it is opened. */
export interface ConvNet {
  /** Of its images, in pixels. */
  readonly size: number;
  readonly open: () => Disposable & { readonly encoder: Encoder<ImageBatch> };
}

const resnet50 = { stemWidth: 64, widths: [256, 512, 1024, 2048], depths: [3, 4, 6, 3], block: 'bottleneck' } as const;
const rn50 = { imageSize: 224, width: 64, depths: [3, 4, 6, 3], heads: 32, dim: 1024 };
const rn50x4 = { imageSize: 288, width: 80, depths: [4, 6, 10, 6], heads: 40, dim: 640 };
const mci2 = { depths: [4, 12, 24, 4], widths: [80, 160, 320, 640], mlpRatio: 3, dim: 512 } as const;
const mobileV1 = mobileNetV1Config(1);

export const convNets: Readonly<Record<string, ConvNet>> = {
  'ResNet-50': net(224, resnetSpec(resnet50), (params) => resnet(resnet50, params)),
  'MobileNet v3 small': net(224, mobileNetSpec(mobileNetV3SmallConfig), (params) =>
    mobileNet(mobileNetV3SmallConfig, params),
  ),
  'MobileNet v1': net(224, mobileNetV1Spec(mobileV1), (params) => mobileNetV1(mobileV1, params)),
  'CLIP RN50': net(224, clipResnetSpec(rn50), (params) => clipResnet(rn50, params)),
  'CLIP RN50x4': net(288, clipResnetSpec(rn50x4), (params) => clipResnet(rn50x4, params)),
  'FastViT MCi2': net(256, fastVitSpec(mci2), (params) => fastVit(mci2, params)),
  'VGG-19': net(224, vggSpec(vgg19Config), (params) => vgg(vgg19Config, params)),
};

function net<S extends Spec>(size: number, spec: S, make: (params: ParamsOf<S>) => Encoder<ImageBatch>): ConvNet {
  const open = () => {
    const model = initializeModel(spec, 1);
    return { encoder: make(model.params), [Symbol.dispose]: () => model[Symbol.dispose]() };
  };
  return { size, open };
}

/** Random pixels. */
export function images(n: number, size: number): ImageBatch {
  const random = seededRandom(3);
  const pixels = Float32Array.from({ length: n * size * size * 3 }, () => 4 * random() - 2);
  return { pixels, shape: [n, size, size, 3] };
}
