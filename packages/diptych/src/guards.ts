import { type Checkpoint, EmbeddingError } from '@diptych/core';

/** Whose weights were trained with which activation, by the names under which they are published. */
const trainedWith: readonly (readonly [name: RegExp, activation: string])[] = [
  [/(^|\/)openai\/clip-|clip\w*\.openai\b/i, 'quick_gelu'],
  [/(^|\/)laion\/CLIP-|clip\w*\.laion/i, 'gelu'],
];

/**
 * Refuses a configuration with the other of the two GELUs: nothing else would tell, and accuracy drops by points.
 *
 * @param names Under which the model goes: the id of its files, `_name_or_path` of its configuration.
 * @throws {EmbeddingError} `CONFIG_INVALID` with the cure.
 */
export function checkActivation(names: readonly unknown[], activation: string, where: string): void {
  const found = trainedWith.find(([pattern]) => names.some((name) => typeof name === 'string' && pattern.test(name)));
  if (!found || found[1] === activation) return;
  const cure = "correct 'hidden_act' (Hugging Face) or 'quick_gelu' (open_clip) in the configuration";
  throw new EmbeddingError(
    'CONFIG_INVALID',
    `${where}: these weights were trained with ${found[1]}, the configuration says ${activation}; ${cure}`,
  );
}

/**
 * Refuses a tower whose projection is not in the file: its vectors would lie in no common space.
 *
 * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` with the cure.
 */
export function checkProjection(
  checkpoint: Pick<Checkpoint, 'names'>,
  projections: readonly string[],
  model: string,
): void {
  const missing = projections.filter((name) => !checkpoint.names.has(name));
  if (missing.length === 0) return;
  throw new EmbeddingError(
    'CHECKPOINT_MISMATCH',
    `${model}: ${missing.join(' and ')} is missing, so texts and images would not be comparable; ` +
      'take the whole model (CLIPModel) or a tower with its projection (CLIPTextModelWithProjection, CLIPVisionModelWithProjection)',
  );
}

/**
 * Refuses rows with NaN or infinities, which spread silently through an index.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` with the likely causes.
 */
export function checkFinite(rows: Float32Array, dim: number, model: string): void {
  const at = rows.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const cause = 'the weights overflow or are damaged, or the batch holds values that are no pixels';
  throw new EmbeddingError(
    'CHECKPOINT_INVALID',
    `${model}: row ${Math.floor(at / dim)} came out as ${rows[at]}: ${cause}`,
  );
}
