import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Models } from '../models/models.ts';

/** What Prometheus reads at `/metrics`. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'diptych_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['route', 'status'],
    registers: [this.registry],
  });
  readonly #seconds = new Histogram({
    name: 'diptych_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [this.registry],
  });
  readonly #batches = new Histogram({
    name: 'diptych_batch_items',
    help: 'Items of a batch.',
    labelNames: ['model', 'modality'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [this.registry],
  });
  readonly #lost = new Counter({
    name: 'diptych_processes_lost_total',
    help: 'Model processes that died and were replaced.',
    labelNames: ['model'],
    registers: [this.registry],
  });

  /** @param models Given once they are there. */
  constructor(models: () => Models) {
    this.#gauge('diptych_queue_items', 'Items that wait for a model.', (set) => {
      for (const { name, model } of models().loaded) set(model.waiting, name);
    });
    this.#gauge('diptych_model_bytes', 'Memory of the weights of a loaded model, in all its processes.', (set) => {
      for (const { name, model } of models().loaded) set(model.bytes, name);
    });
    this.#gauge('process_resident_memory_bytes', 'Memory of the server without its model processes.', (set) =>
      set(process.memoryUsage.rss()),
    );
  }

  answered(route: string, status: number, seconds: number): void {
    this.#requests.inc({ route, status });
    this.#seconds.observe({ route }, seconds);
  }

  batch(model: string, modality: string, items: number): void {
    this.#batches.observe({ model, modality }, items);
  }

  lost(model: string): void {
    this.#lost.inc({ model });
  }

  /** What is asked for when it is read. */
  #gauge(name: string, help: string, collect: (set: (value: number, model?: string) => void) => void): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ['model'],
      registers: [this.registry],
      collect() {
        gauge.reset();
        collect((value, model) => (model === undefined ? gauge.set(value) : gauge.set({ model }, value)));
      },
    });
  }
}
