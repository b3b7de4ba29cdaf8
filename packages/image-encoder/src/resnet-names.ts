import type { NameTable } from '@diptych/nn';
import { convUnitNames } from './conv-unit.ts';

/** torchvision's `resnet*` and timm's. The classifier is left. */
export const torchvisionResnetNames: NameTable = {
  names: {
    ...convUnitNames('stem', 'conv1', 'bn1'),
    ...convUnitNames('stages.*.*.units.*', 'layer#.*.conv#', 'layer#.*.bn#'),
    ...convUnitNames('stages.*.*.shortcut', 'layer#.*.downsample.0', 'layer#.*.downsample.1'),
  },
  ignore: ['**.num_batches_tracked', 'fc.weight', 'fc.bias'],
};

const layer = 'encoder.stages.*.layers.*';

/** transformers: `ResNetModel`. */
export const hfResnetNames: NameTable = {
  names: {
    ...convUnitNames('stem', 'embedder.embedder.convolution', 'embedder.embedder.normalization'),
    ...convUnitNames('stages.*.*.units.*', `${layer}.layer.*.convolution`, `${layer}.layer.*.normalization`),
    ...convUnitNames('stages.*.*.shortcut', `${layer}.shortcut.convolution`, `${layer}.shortcut.normalization`),
  },
  ignore: ['**.num_batches_tracked'],
};
