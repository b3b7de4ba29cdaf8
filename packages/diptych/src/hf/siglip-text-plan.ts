import type { Files } from '@diptych/files';
import { hfSiglipTextNames, siglipText, type SiglipTextConfig, siglipTextSpec } from '@diptych/text-encoder';
import type { ArchitectureOptions } from '../architecture.ts';
import { textPlan, type TowerPlan } from '../model-plan.ts';
import { hfTokenizer } from './tokenizer.ts';

/** The tower of texts of a SigLIP. */
export async function siglipTextPlan(
  config: SiglipTextConfig,
  files: Files,
  options: ArchitectureOptions,
): Promise<TowerPlan<string>> {
  const { contextLength, vocabSize } = config;
  const tokenizer = { contextLength, vocabSize, padding: 'max_length', usual: ['spiece'] } as const;
  return textPlan({
    spec: siglipTextSpec(config),
    names: hfSiglipTextNames,
    preprocess: await hfTokenizer(files, tokenizer, options),
    encoder: (params) => siglipText(config, params),
  });
}
