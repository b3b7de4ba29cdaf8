import { expectFields } from '@diptych/core';
import type { EmbeddingFunction, EmbeddingFunctionSpace } from 'chromadb';
import { textOrDataUri } from './listed-rows.ts';
import { type ModelConfig, ModelByName, type NamedModels } from './model-by-name.ts';

/** An embedding function of Chroma; its model is opened when it first embeds. */
export type ChromaFunction = EmbeddingFunction &
  Required<Pick<EmbeddingFunction, 'name' | 'getConfig' | 'defaultSpace' | 'validateConfig' | 'validateConfigUpdate'>>;

/** What Chroma registers, and makes again from the configuration of a collection. */
export interface ChromaFunctionClass {
  /** @throws {EmbeddingError} `INPUT_INVALID` for a configuration that names no model. */
  new (config: ModelConfig): ChromaFunction;
  readonly name: string;
  buildFromConfig(config: object): ChromaFunction;
}

/**
 * A class of embedding functions for Chroma, which keeps their configuration with a collection:
 * `registerEmbeddingFunction('diptych', diptychFunction({ emoji }))`.
 *
 * Chroma embeds strings. A data URI of an image (`data:image/…`) is that image.
 *
 * @param models Models that are packages, by the names that a configuration may give.
 */
export function diptychFunction(models: NamedModels = {}): ChromaFunctionClass {
  expectFields(models, 'diptychFunction: models');
  return class DiptychEmbeddingFunction implements ChromaFunction {
    readonly name = 'diptych';
    readonly #model: ModelByName;

    /** @throws {EmbeddingError} `INPUT_INVALID` for a configuration that names no model. */
    constructor(config: ModelConfig) {
      this.#model = new ModelByName(config, models);
    }

    static buildFromConfig(config: object): DiptychEmbeddingFunction {
      return new DiptychEmbeddingFunction(config as ModelConfig);
    }

    async generate(texts: string[]): Promise<number[][]> {
      return this.#model.rows(texts.map(textOrDataUri));
    }

    getConfig(): Record<string, unknown> {
      return { ...this.#model.config };
    }

    defaultSpace(): EmbeddingFunctionSpace {
      return 'cosine';
    }

    supportedSpaces(): EmbeddingFunctionSpace[] {
      return ['cosine', 'l2', 'ip'];
    }

    /** @throws {EmbeddingError} `INPUT_INVALID` for a configuration that names no model. */
    validateConfig(config: object): void {
      // oxlint-disable-next-line no-new -- the constructor is the check
      new ModelByName(config, models);
    }

    /** @throws {EmbeddingError} for another model: its rows are not comparable with those that are stored. */
    validateConfigUpdate(config: object): void {
      this.#model.expectSame(config);
    }
  };
}
