import type { Encoder, ImageBatch } from '@diptych/core';
import { initializeModel, type ParamsOf, type Spec } from '@diptych/nn';
import { describeBackends, heapBytes, valuesOf } from '@diptych/testkit';
import { describe, expect, test } from 'vitest';
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
} from '../src/index.ts';

/** Minutes, so only `test:long` asks for it. */
const isLong = process.env['DIPTYCH_LONG'] !== undefined;

const resnet50 = { stemWidth: 64, widths: [256, 512, 1024, 2048], depths: [3, 4, 6, 3], block: 'bottleneck' } as const;
const rn50 = { imageSize: 224, width: 64, depths: [3, 4, 6, 3], heads: 32, dim: 1024 };
const rn50x4 = { imageSize: 288, width: 80, depths: [4, 6, 10, 6], heads: 40, dim: 640 };
const mci2 = { depths: [4, 12, 24, 4], widths: [80, 160, 320, 640], mlpRatio: 3, dim: 512 } as const;

const mobiles: readonly Network[] = [
  network('MobileNet v3 small', 224, mobileNetSpec(mobileNetV3SmallConfig), (params) => {
    return mobileNet(mobileNetV3SmallConfig, params);
  }),
  network('MobileNet v1', 224, mobileNetV1Spec(mobileNetV1Config(1)), (params) => {
    return mobileNetV1(mobileNetV1Config(1), params);
  }),
];
const large: readonly Network[] = [
  network('ResNet-50', 224, resnetSpec(resnet50), (params) => resnet(resnet50, params)),
  network('CLIP RN50', 224, clipResnetSpec(rn50), (params) => clipResnet(rn50, params)),
  network('CLIP RN50x4', 288, clipResnetSpec(rn50x4), (params) => clipResnet(rn50x4, params)),
  network('FastViT MCi2', 256, fastVitSpec(mci2), (params) => fastVit(mci2, params)),
  network('VGG-19', 224, vggSpec(vgg19Config), (params) => vgg(vgg19Config, params)),
];

describeBackends('networks of real size', (backend) => {
  describe.runIf(backend === 'wasm')('embed a batch in less than 2 GB', () => {
    test.each(mobiles.flatMap((one) => [32, 64].map((n) => [one.name, n, one] as const)))('%s, %i images', embeds);
  });
  describe.runIf(backend === 'wasm' && isLong)('embed a batch in less than 2 GB, at length', () => {
    const each = large.flatMap((one) => [32, 64].map((n) => [one.name, n, one] as const));
    test.each(each)('%s, %i images', embeds, 1_800_000);
  });
});

interface Network {
  readonly name: string;
  readonly size: number;
  readonly open: () => Disposable & { readonly encoder: Encoder<ImageBatch> };
}

function network<S extends Spec>(
  name: string,
  size: number,
  spec: S,
  make: (params: ParamsOf<S>) => Encoder<ImageBatch>,
): Network {
  const open = () => {
    const model = initializeModel(spec, 1);
    return { encoder: make(model.params), [Symbol.dispose]: () => model[Symbol.dispose]() };
  };
  return { name, size, open };
}

async function embeds(_: string, n: number, { size, open }: Network): Promise<void> {
  using made = open();
  const pixels = new Float32Array(n * size * size * 3).fill(0.01);
  const rows = await valuesOf(() => made.encoder.forward({ pixels, shape: [n, size, size, 3] }));
  expect(rows).toHaveLength(n * made.encoder.dim);
  expect(heapBytes()).toBeLessThan(2e9);
}
