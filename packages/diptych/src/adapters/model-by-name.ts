import { EmbeddingError, expectFields, expectText } from '@diptych/core';
import type { PackagedModel } from '../architecture.ts';
import type { EmbeddingSpace } from '../embedding-space.ts';
import { open } from '../open.ts';
import { listedRows, type TextOrImage } from './listed-rows.ts';

/** Models that are packages, by the name under which a stored configuration asks for them. */
export type NamedModels = Readonly<Record<string, PackagedModel>>;

/** What a database keeps of an embedding function, so that it makes the same one again. */
export interface ModelConfig {
  /** As `open` takes it, or a name of `NamedModels`. */
  readonly model: string;
  readonly truncateDim?: number;
}

/** A model that is opened when it is first asked for, once; an opening that fails is tried again. */
export class ModelByName {
  readonly config: ModelConfig;
  readonly #models: NamedModels;
  #opening: Promise<EmbeddingSpace> | undefined;

  /** @throws {EmbeddingError} `INPUT_INVALID` for a configuration that names no model. */
  constructor(config: object, models: NamedModels) {
    this.config = configOf(config);
    this.#models = models;
  }

  async opened(): Promise<EmbeddingSpace> {
    const { model } = this.config;
    this.#opening ??= open(Object.hasOwn(this.#models, model) ? this.#models[model]! : model);
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  /** Of as many components as the configuration says. */
  async rows(items: readonly TextOrImage[]): Promise<number[][]> {
    return listedRows(await this.opened(), items, { truncateDim: this.config.truncateDim });
  }

  /** @throws {EmbeddingError} `INPUT_INVALID` for another configuration, whose rows would not be comparable. */
  expectSame(other: object): void {
    const { config } = this;
    const asked = configOf(other);
    if (asked.model === config.model && asked.truncateDim === config.truncateDim) return;
    const [expected, got] = [config, asked].map((one) => `${one.model}, ${one.truncateDim ?? 'all'} components`);
    throw new EmbeddingError('INPUT_INVALID', { where: 'embedding function', expected: expected!, got });
  }
}

function configOf(config: object): ModelConfig {
  expectFields(config, 'embedding function');
  const { model, truncateDim } = config as Partial<ModelConfig>;
  expectText(model, 'embedding function: model');
  return { model: model!, ...(truncateDim !== undefined && { truncateDim }) };
}
