import { expectMembers } from '@diptych/core';
import { MultiModalEmbedding } from '@llamaindex/core/embeddings';
import type { ImageType } from '@llamaindex/core/schema';
import { type Embeds, expectSpace, listedRows, type TextOrImage } from './listed-rows.ts';

/** A model of LlamaIndexTS for texts and images. The space is the caller's, who disposes of it. */
export class DiptychEmbedding extends MultiModalEmbedding {
  readonly #space: Embeds;

  /** @param space An `EmbeddingSpace`, or what `createEmbedder` gives. */
  constructor(space: Embeds, options: { readonly embedBatchSize?: number } = {}) {
    super();
    this.#space = expectSpace(space, 'DiptychEmbedding');
    this.embedBatchSize = expectMembers(options, 'DiptychEmbedding: options').embedBatchSize ?? 32;
    this.embedInfo = { dimensions: space.dim };
  }

  override getTextEmbeddings = async (texts: string[]): Promise<number[][]> => this.#rows(texts);

  override async getTextEmbedding(text: string): Promise<number[]> {
    const [row] = await this.#rows([text]);
    return row!;
  }

  override async getImageEmbeddings(images: ImageType[]): Promise<number[][]> {
    return this.#rows(images.map((image) => ({ image })));
  }

  override async getImageEmbedding(image: ImageType): Promise<number[]> {
    const [row] = await this.#rows([{ image }]);
    return row!;
  }

  async #rows(items: readonly TextOrImage[]): Promise<number[][]> {
    return listedRows(this.#space, items, { batchSize: this.embedBatchSize });
  }
}
