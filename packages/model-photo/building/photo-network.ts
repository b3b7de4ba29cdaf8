import { openTfjsWeights } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { directory } from '@diptych/files/node';
import { kerasMobileNetV1Names, mobileNetV1Config, mobileNetV1Spec } from '@diptych/image-encoder';
import { loadModel } from '@diptych/nn';

/** Arrays of MobileNet v1 and of its classifier by our paths. */
export async function photoNetwork(folder: string, alpha: number): Promise<(readonly [string, StoredTensor])[]> {
  const checkpoint = await openTfjsWeights(directory(folder));
  using network = await loadModel(mobileNetV1Spec(mobileNetV1Config(alpha)), checkpoint, kerasMobileNetV1Names);
  const kernel = await checkpoint.read('conv_preds/kernel');
  return [
    ...[...network.variables].map(([path, variable]) => {
      const tensor = { shape: variable.shape, data: variable.dataSync<'float32'>().slice() };
      return [`network.${path}`, tensor] as const;
    }),
    // A filter of one pixel.
    ['classifier.weight', { shape: kernel.shape.slice(2), data: kernel.data }],
    ['classifier.bias', await checkpoint.read('conv_preds/bias')],
  ];
}
