import { batchNormNames, type NameTable } from '@diptych/nn';
import { convUnitNames } from './conv-unit.ts';
import { mobileOneNames } from './mobileone.ts';

const trunk = 'visual.trunk';
const mixers = `${trunk}.stages.*.blocks.*`;

/** open_clip with timm's `fastvit_mci*`. */
export const openClipFastVitNames: NameTable = {
  names: {
    ...mobileOneNames('stem.*', `${trunk}.stem.*`),
    ...downsampleNames('stages.*.downsample', `${trunk}.stages.*.downsample.proj`),
    ...mobileOneNames('stages.*.blocks.*.mixer', `${mixers}.token_mixer.mixer`),
    ...batchNormNames('stages.*.blocks.*.mixerNorm', `${mixers}.token_mixer.norm.identity`),
    'stages.*.blocks.*.mixerScale': `${mixers}.token_mixer.layer_scale.gamma`,
    ...mlpNames('stages.*.blocks.*.mlp', `${mixers}.mlp`),
    'stages.*.blocks.*.mlpScale': `${mixers}.layer_scale.gamma`,
    ...attentionNames('fourth', `${trunk}.stages.3`),
    ...attentionNames('fifth', `${trunk}.stages.4`),
    ...mobileOneNames('final', `${trunk}.final_conv`),
    finalExcite: `${trunk}.final_conv.se`,
    head: `${trunk}.head.fc`,
  },
  ignore: ['**.num_batches_tracked'],
};

function attentionNames(path: string, name: string): NameTable['names'] {
  const [blocks, own] = [`${path}.blocks.*`, `${name}.blocks.*`];
  return {
    ...downsampleNames(`${path}.downsample`, `${name}.downsample.proj`),
    [`${path}.positions`]: `${name}.pos_emb.pos_enc`,
    ...batchNormNames(`${blocks}.norm`, `${own}.norm`),
    [`${blocks}.attention.inProj`]: `${own}.token_mixer.qkv`,
    [`${blocks}.attention.outProj`]: `${own}.token_mixer.proj`,
    [`${blocks}.attentionScale`]: `${own}.layer_scale_1.gamma`,
    ...mlpNames(`${blocks}.mlp`, `${own}.mlp`),
    [`${blocks}.mlpScale`]: `${own}.layer_scale_2.gamma`,
  };
}

function downsampleNames(path: string, name: string): NameTable['names'] {
  return {
    ...convUnitNames(`${path}.large`, `${name}.0.large_conv.conv`, `${name}.0.large_conv.bn`),
    ...convUnitNames(`${path}.small`, `${name}.0.small_conv.conv`, `${name}.0.small_conv.bn`),
    [`${path}.excite`]: `${name}.0.se`,
    ...mobileOneNames(`${path}.project`, `${name}.1`),
  };
}

function mlpNames(path: string, name: string): NameTable['names'] {
  return { [path]: name, ...convUnitNames(`${path}.conv`, `${name}.conv.conv`, `${name}.conv.bn`) };
}
