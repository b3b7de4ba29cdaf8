import { expectMembers } from '@diptych/core';
import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { type Embeds, expectSpace, listedRows, textOrDataUri } from './listed-rows.ts';

export interface EmbeddingModelOptions {
  /** Most values of a call; `embedMany` cuts longer lists. Default 256. */
  readonly maxEmbeddingsPerCall?: number;
}

/**
 * A space as `embed` and `embedMany` of the AI SDK take a model. Their values are strings: a data URI of an image
 * (`data:image/…`) is that image.
 *
 * @param space An `EmbeddingSpace`, or what `createEmbedder` gives; the caller's, who disposes of it.
 */
export function embeddingModel(space: Embeds, options: EmbeddingModelOptions = {}): EmbeddingModelV4 {
  const { maxEmbeddingsPerCall = 256 } = expectMembers(options, 'embeddingModel: options');
  const { id } = expectSpace(space, 'embeddingModel');
  return {
    specificationVersion: 'v4',
    provider: 'diptych',
    modelId: id,
    maxEmbeddingsPerCall,
    supportsParallelCalls: true,
    async doEmbed({ values, dimensions, abortSignal }) {
      const asked = { truncateDim: dimensions, signal: abortSignal };
      return { embeddings: await listedRows(space, values.map(textOrDataUri), asked), warnings: [] };
    },
  };
}
