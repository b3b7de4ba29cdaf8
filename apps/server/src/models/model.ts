import { EmbeddingError, type Embeddings } from '@diptych/core';
import type { Prediction } from 'diptych';
import { Batcher, type BatcherOptions, type Row } from './batcher.ts';
import type { Description, Item, RowOptions, Start } from './messages.ts';
import { Replica } from './replica.ts';

export interface ModelOptions extends Omit<BatcherOptions, 'onWait' | 'onBatch'> {
  readonly start: Start;
  /** Processes that have the model. */
  readonly replicas: number;
}

/** What a model tells of itself while it runs. */
export interface ModelEvents extends Pick<BatcherOptions, 'onWait' | 'onBatch'> {
  /** A process has died and is being replaced. */
  onLost?(): void;
}

/** Batches that a process is given at a time: the next one is read while one is computed. */
const batchesAtOnce = 2;

/** A model in processes of its own, each replaced when it dies. */
export class Model {
  readonly description: Description;
  readonly #options: ModelOptions;
  readonly #events: ModelEvents;
  readonly #batcher: Batcher;
  readonly #replicas = new Set<Replica>();
  #isStopping = false;

  private constructor(first: Replica, options: ModelOptions, events: ModelEvents) {
    this.description = first.description;
    this.#options = options;
    this.#events = events;
    this.#batcher = new Batcher({ ...options, ...events });
    this.#add(first);
  }

  /** @throws {EmbeddingError} what `open` throws. */
  static async start(options: ModelOptions, events: ModelEvents = {}): Promise<Model> {
    const started = await Promise.allSettled(
      Array.from({ length: options.replicas }, async () => Replica.start(options.start)),
    );
    const replicas = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed) {
      await Promise.all(replicas.map(async (replica) => replica.stop()));
      throw failed.reason;
    }
    const model = new Model(replicas[0]!, options, events);
    for (const replica of replicas.slice(1)) model.#add(replica);
    return model;
  }

  /** Items that wait for a process. */
  get waiting(): number {
    return this.#batcher.waiting;
  }

  get isIdle(): boolean {
    return this.#batcher.isIdle;
  }

  /** Whether a process is there. */
  get isReady(): boolean {
    return this.#replicas.size > 0;
  }

  /** Memory of the weights of all processes. */
  get bytes(): number {
    return this.description.bytes * this.#options.replicas;
  }

  get pids(): number[] {
    return [...this.#replicas].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /**
   * @returns A row of each item, in order.
   * @throws {EmbeddingError} `UNSUPPORTED` for a modality that the model lacks; what `embed` throws of the first item that cannot
   *   be used; `BACKEND_UNAVAILABLE` when the process dies over it.
   */
  async embed(items: readonly Item[], options: RowOptions, signal: AbortSignal): Promise<Row[]> {
    const { id, dim, modalities } = this.description;
    if (!modalities.includes(options.modality)) {
      const expected = modalities.join(' or ');
      throw new EmbeddingError('UNSUPPORTED', { where: `model ${id}`, expected, got: options.modality });
    }
    const width = options.truncateDim ?? dim;
    if (width > dim) {
      throw new EmbeddingError('INPUT_INVALID', { where: 'dimensions', expected: `1 to ${dim}`, got: width });
    }
    return this.#batcher.embed(items, options, signal);
  }

  /** @param rows Unit rows of this model, whole. */
  async classify(
    rows: Embeddings,
    labels: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (readonly Prediction[])[]> {
    const [replica] = this.#replicas;
    if (!replica) {
      const got = 'none at the moment';
      throw new EmbeddingError('BACKEND_UNAVAILABLE', { where: 'model process', expected: 'one that runs', got });
    }
    return replica.call('classify', [rows, labels], signal);
  }

  /** Answers what was accepted, then ends the processes. */
  async stop(): Promise<void> {
    await this.#batcher.drained();
    this.#isStopping = true;
    await Promise.all([...this.#replicas].map(async (replica) => replica.stop()));
  }

  #add(replica: Replica): void {
    this.#replicas.add(replica);
    const hands = Array.from({ length: batchesAtOnce }, () =>
      this.#batcher.join(async (items, options, signal) => replica.call('embed', [items, options], signal)),
    );
    void replica.ended.then(() => {
      this.#replicas.delete(replica);
      for (const hand of hands) hand.leave();
      if (this.#isStopping) return;
      this.#events.onLost?.();
      void this.#replace();
    });
  }

  /** Tries again for as long as it takes, ever less often; what waits meanwhile has its own deadline. */
  async #replace(): Promise<void> {
    for (let pause = 100; !this.#isStopping; pause = Math.min(2 * pause, 10_000)) {
      try {
        const replica = await Replica.start(this.#options.start);
        if (this.#isStopping) await replica.stop();
        else this.#add(replica);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}
