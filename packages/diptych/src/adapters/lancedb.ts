import { expectFields, expectText } from '@diptych/core';
import { EmbeddingFunction, getRegistry } from '@lancedb/lancedb/embedding';
import { Float32 } from 'apache-arrow';
import { type ModelConfig, ModelByName, type NamedModels } from './model-by-name.ts';

export interface LanceOptions extends ModelConfig {
  /** What strings of the source column are: texts, or addresses of images. Bytes are images. Default `text`. */
  readonly source?: 'text' | 'image';
}

/** An embedding function of LanceDB: rows are made when texts or images are inserted, and of whatever is searched for. */
export abstract class LanceFunction extends EmbeddingFunction<string | Uint8Array, LanceOptions> {
  /** Opens the model, before anything is embedded. LanceDB calls it. */
  abstract override init(): Promise<void>;
}

/**
 * Makes an embedding function known to LanceDB's registry:
 * `await registerDiptych({ emoji }).create({ model: 'emoji' })`.
 *
 * A table keeps the options, so a program that opens it registers the same name and models first.
 *
 * @param models Models that are packages, by the names that the options may give.
 * @throws {Error} of LanceDB where the name is registered already.
 */
export function registerDiptych(
  models: NamedModels = {},
  name = 'diptych',
): { create(options: LanceOptions): Promise<LanceFunction> } {
  expectFields(models, 'registerDiptych: models');
  expectText(name, 'registerDiptych: name');
  const registry = getRegistry();
  class DiptychFunction extends LanceFunction {
    readonly #model: ModelByName;
    readonly #source: 'text' | 'image';
    #dim: number | undefined;

    constructor(raw: Readonly<Record<string, unknown>> = {}) {
      super();
      const { source = 'text', ...config } = this.resolveVariables(raw) as LanceOptions;
      this.#model = new ModelByName(config, models);
      this.#source = source;
    }

    async init(): Promise<void> {
      const { dim } = await this.#model.opened();
      this.#dim = this.#model.config.truncateDim ?? dim;
    }

    override ndims(): number | undefined {
      return this.#dim;
    }

    override embeddingDataType(): Float32 {
      return new Float32();
    }

    override async computeSourceEmbeddings(data: (string | Uint8Array)[]): Promise<number[][]> {
      return this.#model.rows(data.map((item) => (isText(item) && this.#source === 'text' ? item : { image: item })));
    }

    override async computeQueryEmbeddings(query: string | Uint8Array): Promise<number[]> {
      const [row] = await this.#model.rows([isText(query) ? query : { image: query }]);
      return row!;
    }
  }
  registry.register(name)(DiptychFunction);
  return registry.get<DiptychFunction>(name)!;
}

function isText(item: unknown): item is string {
  return typeof item === 'string';
}
