import { Embeddings, type EmbeddingsParams } from '@langchain/core/embeddings';
import { expectMembers } from '@diptych/core';
import type { ImageInput } from '@diptych/preprocessing/image';
import type { EmbedOptions } from '../embed-options.ts';
import { type Embeds, expectSpace, listedRows, type TextOrImage } from './listed-rows.ts';

export type { TextOrImage };

export interface DiptychEmbeddingsOptions extends EmbeddingsParams, Pick<EmbedOptions, 'batchSize' | 'truncateDim'> {
  /** Goes before every query; see `EmbedOptions`. */
  readonly queryPrompt?: string;
  /** Goes before every document. */
  readonly documentPrompt?: string;
}

/**
 * Embeddings of LangChain for texts and images: whatever takes its `Embeddings` takes these, and searches images by texts.
 *
 * The space is the caller's, who disposes of it.
 */
export class DiptychEmbeddings extends Embeddings {
  readonly #space: Embeds;
  readonly #options: DiptychEmbeddingsOptions;

  /** @param space An `EmbeddingSpace`, or what `createEmbedder` gives. */
  constructor(space: Embeds, options: DiptychEmbeddingsOptions = {}) {
    super(expectMembers(options, 'DiptychEmbeddings: options'));
    this.#space = expectSpace(space, 'DiptychEmbeddings');
    this.#options = options;
  }

  /** Rows of texts, `{ text }` and `{ image }`, in order. */
  override async embedDocuments(documents: readonly TextOrImage[]): Promise<number[][]> {
    return this.#rows(documents, this.#options.documentPrompt);
  }

  override async embedQuery(query: TextOrImage): Promise<number[]> {
    const [row] = await this.#rows([query], this.#options.queryPrompt);
    return row!;
  }

  async embedImage(images: readonly ImageInput[]): Promise<number[][]> {
    return this.#rows(images.map((image) => ({ image })));
  }

  async embedImageQuery(image: ImageInput): Promise<number[]> {
    return this.embedQuery({ image });
  }

  async #rows(items: readonly TextOrImage[], prompt?: string): Promise<number[][]> {
    const { batchSize, truncateDim } = this.#options;
    return listedRows(this.#space, items, { batchSize, truncateDim, prompt });
  }
}
