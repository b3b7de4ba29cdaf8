import { describeGolden } from '@diptych/golden';
import * as images from '@diptych/image-encoder';
import { constant, joinNames, type NameTable, param, place, prefixNames, type Spec } from '@diptych/nn';
import { readManifest } from '@diptych/testkit';
import * as texts from '@diptych/text-encoder';
import { expect, test } from 'vitest';

/** What one published checkpoint is made of. */
interface Published {
  readonly spec: Spec;
  readonly names: NameTable;
}

const scale = param([], constant(0));
const scaleNames: NameTable = { names: { '': 'logit_scale' } };
const biasNames: NameTable = { names: { '': 'logit_bias' } };

const base = { width: 768, layers: 12, heads: 12, mlpWidth: 3072, activation: 'gelu', layerNormEpsilon: 1e-6 };
const clipTokens = { vocabSize: 49408, contextLength: 77, dim: 512, endOfText: 'largest' } as const;
const patches = (patchSize: number) => ({ imageSize: 224, patchSize, positionResize: 'hf' }) as const;

function deep(depths: readonly number[]): images.ResnetConfig {
  return { stemWidth: 64, widths: [256, 512, 1024, 2048], depths, block: 'bottleneck' };
}

function mobileClip(image: Spec, imageNames: NameTable): Published {
  const text = texts.clipTextSpec({ ...base, ...clipTokens, width: 512, heads: 8, mlpWidth: 2048 });
  return {
    spec: { text, image, scale },
    names: joinNames({ text: prefixNames('text.', texts.openClipTextNames), image: imageNames, scale: scaleNames }),
  };
}

function siglip(vocabSize: number, text: NameTable, image: NameTable): Published {
  return {
    spec: {
      text: texts.siglipTextSpec({ ...base, vocabSize, contextLength: 64, dim: 768 }),
      image: images.siglipVitSpec({ ...base, ...patches(16) }),
      scale,
      bias: scale,
    },
    names: joinNames({ text, image, scale: scaleNames, bias: biasNames }),
  };
}

const published: Readonly<Record<string, Published>> = {
  hf_siglip_base_patch16_224: siglip(32000, texts.hfSiglipTextNames, images.hfSiglipVisionNames),
  hf_siglip2_base_patch16_224: siglip(256000, texts.hfSiglipTextNames, images.hfSiglipVisionNames),
  open_clip_vit_b_16_siglip: siglip(32000, texts.openClipSiglipTextNames, images.openClipSiglipVisionNames),
  open_clip_tinyclip_vit_8m_16_text_3m: {
    spec: {
      text: texts.clipTextSpec({ ...base, ...clipTokens, width: 256, layers: 3, heads: 4, mlpWidth: 1024 }),
      image: images.vitSpec({ ...base, ...patches(16), width: 256, layers: 10, heads: 4, mlpWidth: 1024, dim: 512 }),
      scale,
    },
    names: joinNames({ text: texts.openClipTextNames, image: images.openClipVisionNames, scale: scaleNames }),
  },
  hf_minilm_l6_bert: {
    spec: texts.bertSpec({
      ...base,
      width: 384,
      layers: 6,
      mlpWidth: 1536,
      vocabSize: 30522,
      contextLength: 512,
      tokenTypes: 2,
    }),
    names: texts.hfBertNames,
  },
  hf_chinese_clip_vit_b16: {
    spec: {
      text: texts.chineseClipTextSpec({ ...base, vocabSize: 21128, contextLength: 512, tokenTypes: 2, dim: 512 }),
      image: images.vitSpec({ ...base, ...patches(16), dim: 512 }),
      scale,
    },
    names: joinNames({ text: texts.hfChineseClipTextNames, image: images.hfClipVisionNames, scale: scaleNames }),
  },
  open_clip_rn50: {
    spec: {
      text: texts.clipTextSpec({ ...base, ...clipTokens, width: 512, heads: 8, mlpWidth: 2048, dim: 1024 }),
      image: images.clipResnetSpec({ imageSize: 224, width: 64, depths: [3, 4, 6, 3], heads: 32, dim: 1024 }),
      scale,
    },
    names: joinNames({ text: texts.openClipTextNames, image: images.openClipResnetNames, scale: scaleNames }),
  },
  open_clip_mobileclip_s1: mobileClip(
    images.fastVitSpec({ depths: [4, 12, 20, 4], widths: [64, 128, 256, 512], mlpRatio: 3, dim: 512 }),
    images.openClipFastVitNames,
  ),
  open_clip_mobileclip_b: mobileClip(
    images.mobileClipVitSpec({ ...base, ...patches(16), stemWidth: 192, dim: 512 }),
    images.openClipMobileClipVitNames,
  ),
  torchvision_resnet50: { spec: images.resnetSpec(deep([3, 4, 6, 3])), names: images.torchvisionResnetNames },
  torchvision_resnet152: { spec: images.resnetSpec(deep([3, 8, 36, 3])), names: images.torchvisionResnetNames },
  torchvision_mobilenet_v3_small: {
    spec: images.mobileNetSpec(images.mobileNetV3SmallConfig),
    names: images.torchvisionMobileNetV3Names(images.mobileNetV3SmallConfig),
  },
  torchvision_vgg19: {
    spec: images.vggSpec(images.vgg19Config),
    names: images.torchvisionVggNames(images.vgg19Config),
  },
  hf_resnet50: { spec: images.resnetSpec(deep([3, 4, 6, 3])), names: images.hfResnetNames },
};

describeGolden('the arrays of published checkpoints', () => {
  test.each(Object.entries(published))('%s maps whole', async (file, { spec, names }) => {
    const manifest = await readManifest(file);
    const used = place(spec, manifest, names).flatMap(({ from }) => from);
    expect(new Set(used).size).toBe(used.length);
    const ignored = [...manifest.names].filter((name) => !used.includes(name));
    expect(ignored.filter((name) => !/num_batches_tracked$|^pooler\.|^fc\.|^classifier\./.test(name))).toEqual([]);
  });
});
