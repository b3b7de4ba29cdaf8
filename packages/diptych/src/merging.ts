import { EmbeddingError, quote } from '@diptych/core';
import { mergedTransformer } from '@diptych/image-encoder';
import type { ArchitectureOptions } from './architecture.ts';
import type { Openable } from './model-pair.ts';

/**
 * The model with a vision transformer whose blocks merge so many tokens; of 0, which is the default, the model as it is. Its rows
 * are others, and its name says so.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for no number; when it is opened, `UNSUPPORTED` for a model without such a transformer, and
 *   `INPUT_INVALID` for more tokens than it has.
 */
export function merging(model: Openable, count: unknown = 0): Openable {
  if (count === 0) return model;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    const expected = 'a whole number of tokens';
    throw new EmbeddingError('INPUT_INVALID', { where: 'mergeTokens', expected, got: quote(count) });
  }
  return {
    id: model.id,
    async open(told) {
      let asked = 0;
      const blocks: ArchitectureOptions['blocks'] = (config) => {
        asked++;
        return mergedTransformer(config, count);
      };
      const side = await model.open({ ...told, blocks });
      if (asked > 0) return { ...side, id: `${side.id}+merge${count}` };
      side.parts[Symbol.dispose]();
      const expected = 'a vision transformer with a class token (CLIP, ViT)';
      throw new EmbeddingError('UNSUPPORTED', { where: `${side.id}: mergeTokens`, expected, got: side.architecture });
    },
  };
}
