import { HttpProblem } from '../http/problem.ts';
import { Model, type ModelEvents, type ModelOptions } from './model.ts';

/** A model that may be asked for. */
export interface ModelSpec {
  readonly name: string;
  /** As `open` takes it, or the name of one that comes with the server. */
  readonly source: string;
}

export interface ModelsOptions extends Omit<ModelOptions, 'start'> {
  readonly start: Omit<ModelOptions['start'], 'model'>;
  /** Bytes that the weights of all loaded models may take; the least recently used are unloaded beyond it. */
  readonly memory: number;
}

interface Entry {
  readonly spec: ModelSpec;
  loading?: Promise<Model> | undefined;
  model?: Model | undefined;
  used: number;
  /** Memory of its weights when it was last loaded. */
  bytes: number;
  /** Requests that have it in hand. */
  held: number;
}

/** Models by name, loaded when they are first asked for. */
export class Models {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #options: ModelsOptions;
  readonly #eventsOf: (name: string) => ModelEvents;
  #clock = 0;

  constructor(
    specs: readonly ModelSpec[],
    options: ModelsOptions,
    eventsOf: (name: string) => ModelEvents = () => ({}),
  ) {
    this.#entries = new Map(specs.map((spec) => [spec.name, { spec, used: 0, bytes: 0, held: 0 }]));
    this.#options = options;
    this.#eventsOf = eventsOf;
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Those that are loaded. */
  get loaded(): { readonly name: string; readonly model: Model }[] {
    return [...this.#entries].flatMap(([name, { model }]) => (model ? [{ name, model }] : []));
  }

  /** Whether whatever is loaded can be asked, and something is or may be. */
  get isReady(): boolean {
    return [...this.#entries.values()].every(({ loading, model }) => (model ? model.isReady : !loading));
  }

  /**
   * Calls `use` with a model, which stays loaded for as long as that takes.
   *
   * @param name Default the only one there is, or the first.
   * @throws {HttpProblem} 404 for a name that is unknown, 503 where the model does not load.
   */
  async use<T>(name: string | undefined, use: (model: Model, name: string) => Promise<T>): Promise<T> {
    const entry = name === undefined ? [...this.#entries.values()][0] : this.#entries.get(name);
    if (!entry) {
      const known = this.names.join(', ');
      throw new HttpProblem(404, 'model_not_found', `No model '${name}' here; there are: ${known}.`, {
        param: 'model',
      });
    }
    entry.used = ++this.#clock;
    entry.held++;
    try {
      return await use(await this.#loaded(entry), entry.spec.name);
    } finally {
      entry.held--;
      void this.#makeRoom(0);
    }
  }

  /** Loads all that fit into the memory, in their order. */
  async load(): Promise<void> {
    for (const entry of this.#entries.values()) {
      await this.#loaded(entry);
      if (this.#bytes > this.#options.memory) return;
    }
  }

  /** Answers what was accepted and ends every process. */
  async stop(): Promise<void> {
    await Promise.all(
      [...this.#entries.values()].map(async ({ loading }) => {
        const model = await loading?.catch(() => undefined);
        await model?.stop();
      }),
    );
  }

  get #bytes(): number {
    return this.loaded.reduce((sum, { model }) => sum + model.bytes, 0);
  }

  async #loaded(entry: Entry): Promise<Model> {
    entry.loading ??= this.#start(entry);
    return entry.loading;
  }

  async #start(entry: Entry): Promise<Model> {
    const { start, ...options } = this.#options;
    const { name, source } = entry.spec;
    try {
      await this.#makeRoom(entry.bytes);
      const model = await Model.start({ ...options, start: { ...start, model: source } }, this.#eventsOf(name));
      entry.model = model;
      entry.bytes = model.bytes;
      await this.#makeRoom(0);
      return model;
    } catch (error) {
      entry.loading = undefined;
      const message = `Model '${name}' does not load: ${error instanceof Error ? error.message : String(error)}`;
      throw new HttpProblem(503, 'model_unavailable', message, { retryAfter: 10, cause: error });
    }
  }

  /** Unloads models that nobody has in hand, the least recently used first, until `bytes` more fit. */
  async #makeRoom(bytes: number): Promise<void> {
    const unused = [...this.#entries.values()]
      .filter(({ model, held }) => model && held === 0)
      .toSorted((a, b) => a.used - b.used);
    for (const entry of unused) {
      if (this.#bytes + bytes <= this.#options.memory) return;
      const { model } = entry;
      entry.model = undefined;
      entry.loading = undefined;
      await model?.stop();
    }
  }
}
