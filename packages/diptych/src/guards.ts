import { type Checkpoint, EmbeddingError } from '@diptych/core';
import { loadRefusals } from './load-refusals.ts';

/**
 * Whose weights were trained with which activation, by the names under which they are published: what the pretrained tags
 * of open_clip 3.3 say.
 */
const trainedWith: readonly (readonly [name: RegExp, activation: string])[] = [
  [/(^|\/)openai\/clip-|_clip_?\w*\.openai\b/i, 'quick_gelu'],
  [/\/resnet(50|101)_clip\.(yfcc15m|cc12m)\b/i, 'quick_gelu'],
  [/\/vit_base_patch32_clip_224\.laion400m_e3[12]\b/i, 'quick_gelu'],
  [/_clip_\w*\.metaclip_(400m|2pt5b)\b/i, 'quick_gelu'],
  [
    /(^|\/)apple\/DFN(2B-CLIP-ViT-B-16|2B-CLIP-ViT-L-14|5B-CLIP-ViT-H-14|5B-CLIP-ViT-H-14-378)(?![\w.-])/i,
    'quick_gelu',
  ],
  [/(^|\/)laion\/CLIP-|_clip_\w*\.laion/i, 'gelu'],
  [/_clip_\w*\.metaclip_altogether\b|(^|\/)apple\/DFN2B-CLIP-ViT-L-14-39B\b/i, 'gelu'],
];

/** Whose weights these are: the first name that is known counts. */
function activationOf(names: readonly unknown[]): string | undefined {
  for (const name of names) {
    const found = trainedWith.find(([pattern]) => typeof name === 'string' && pattern.test(name));
    if (found) return found[1];
  }
  return undefined;
}

/**
 * Refuses a configuration with the other of the two GELUs: nothing else would tell, and accuracy drops by points.
 *
 * @param names Under which the model goes, what counts most first: the id of its files, then `_name_or_path` of its
 *   configuration.
 * @throws {EmbeddingError} `CONFIG_INVALID` with the cure.
 */
export function checkActivation(names: readonly unknown[], activation: string, where: string): void {
  const trained = activationOf(names);
  if (trained === undefined || trained === activation) return;
  throw new EmbeddingError('CONFIG_INVALID', {
    where,
    expected: `${trained}, which these weights were trained with`,
    got: activation,
    cure: "correct 'hidden_act' (Hugging Face) or 'quick_gelu' (open_clip) in the configuration",
  });
}

/**
 * Refuses a tower whose projection is not in the file: its vectors would lie in no common space.
 *
 * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` with the cure.
 */
export async function checkProjection(
  checkpoint: Pick<Checkpoint, 'names'>,
  projections: readonly string[],
  model: string,
): Promise<void> {
  const missing = projections.filter((name) => !checkpoint.names.has(name));
  if (missing.length === 0) return;
  throw (await loadRefusals()).noProjection(missing, model);
}
