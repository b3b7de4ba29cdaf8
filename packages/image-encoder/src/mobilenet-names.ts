import { expectMembers } from '@diptych/core';
import { batchNormNames, type NameTable } from '@diptych/nn';
import { convUnitNames } from './conv-unit.ts';
import type { MobileNetConfig } from './mobilenet.ts';

/** torchvision's `mobilenet_v3_*`, which number the layers of a block one after another. The classifier is left. */
export function torchvisionMobileNetV3Names(config: MobileNetConfig): NameTable {
  const { blocks, stemWidth } = expectMembers(config, 'config', 'blocks', 'stemWidth');
  const inputs = [stemWidth, ...blocks.map(({ outputs }) => outputs)];
  const parts = blocks.map(({ expanded, squeezed }, i) => {
    const [path, name] = [`blocks.${i}`, `features.${i + 1}.block`];
    let layer = 0;
    return {
      ...(expanded !== inputs[i] && unitNames(`${path}.expand`, `${name}.${layer++}`)),
      ...unitNames(`${path}.depthwise`, `${name}.${layer++}`),
      ...(squeezed > 0 && { [`${path}.excite`]: `${name}.${layer++}` }),
      ...unitNames(`${path}.project`, `${name}.${layer}`),
    };
  });
  return networkNames(blocks.length, parts, ['classifier.0', 'classifier.3']);
}

/** torchvision's `mobilenet_v2`, whose last layers of a block stand without a group. The classifier is left. */
export function torchvisionMobileNetV2Names(config: MobileNetConfig): NameTable {
  const { blocks, stemWidth } = expectMembers(config, 'config', 'blocks', 'stemWidth');
  const inputs = [stemWidth, ...blocks.map(({ outputs }) => outputs)];
  const parts = blocks.map(({ expanded }, i) => {
    const [path, name] = [`blocks.${i}`, `features.${i + 1}.conv`];
    let layer = 0;
    return {
      ...(expanded !== inputs[i] && unitNames(`${path}.expand`, `${name}.${layer++}`)),
      ...unitNames(`${path}.depthwise`, `${name}.${layer++}`),
      ...convUnitNames(`${path}.project`, `${name}.${layer++}`, `${name}.${layer}`),
    };
  });
  return networkNames(blocks.length, parts, ['classifier.1']);
}

function networkNames(blocks: number, parts: readonly NameTable['names'][], classifier: readonly string[]): NameTable {
  return {
    names: Object.assign(
      {},
      unitNames('stem', 'features.0'),
      ...parts,
      unitNames('last', `features.${blocks + 1}`),
    ) as NameTable['names'],
    ignore: ['**.num_batches_tracked', ...classifier.flatMap((name) => [`${name}.weight`, `${name}.bias`])],
  };
}

/** A convolution and its norm as the first two of a group. */
function unitNames(path: string, group: string): NameTable['names'] {
  return { [`${path}.conv`]: `${group}.0`, ...batchNormNames(`${path}.norm`, `${group}.1`) };
}
