import type { VitConfig } from '@diptych/image-encoder';
import type { ClipTextConfig } from '@diptych/text-encoder';

/** Two towers, of which only the shapes are taken: weights are random. */
export interface BenchModel {
  readonly image: VitConfig;
  readonly text: ClipTextConfig;
}

const heads = (width: number) => ({ width, heads: width / 64, mlpWidth: 4 * width });
const both = { activation: 'quick_gelu', layerNormEpsilon: 1e-5, dim: 512 } as const;
const imageOf = (patchSize: number, width: number, layers: number): VitConfig => ({
  ...both,
  ...heads(width),
  imageSize: 224,
  patchSize,
  layers,
  positionResize: 'hf',
});
const textOf = (width: number, layers: number): ClipTextConfig => ({
  ...both,
  ...heads(width),
  vocabSize: 49_408,
  contextLength: 77,
  layers,
  endOfText: 'largest',
});

/** By their names: TinyCLIP of Wu et al. 2023, arXiv:2309.12314, and CLIP of Radford et al. 2021, arXiv:2103.00020. */
export const benchModels = {
  'TinyCLIP ViT-8M/16': { image: imageOf(16, 256, 10), text: textOf(256, 3) },
  'CLIP ViT-B/32': { image: imageOf(32, 768, 12), text: textOf(512, 12) },
} as const satisfies Readonly<Record<string, BenchModel>>;

export type BenchModelName = keyof typeof benchModels;
