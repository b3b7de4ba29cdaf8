import { EmbeddingError, expectMembers } from '@diptych/core';
import { startWorker } from '#worker';
import type { Hello } from './messages.ts';
import { type Methods, Peer } from './peer.ts';

/** A worker of a page or of Node that calls `serveEmbedder`. */
export interface EmbedderWorker {
  postMessage(message: unknown, moved: never[]): void;
}

/** What workers of pages and of Node tell, each in its way. */
interface Watched {
  postMessage(message: unknown, moved: MessagePort[]): void;
  addEventListener?(name: 'error', listener: (event: Event) => void): void;
  on?(name: 'error' | 'exit', listener: (problem: unknown) => void): void;
  unref?(): void;
  terminate?(): unknown;
}

/** A worker, asked through a port of its own. */
export class Thread {
  readonly #peer: Peer;
  readonly #worker: Watched;
  readonly #isOurs: boolean;
  #isUp = false;

  /** @param given `true` for one that begins and ends with us. */
  constructor(given: EmbedderWorker | true, methods: Methods) {
    this.#isOurs = given === true;
    this.#worker = given === true ? started() : expectMembers(given, 'worker', 'postMessage');
    const { port1, port2 } = new MessageChannel();
    this.#peer = new Peer(port1, methods);
    this.#watch(this.#worker);
    this.#worker.postMessage({ diptych: port2 } satisfies Hello, [port2]);
  }

  async call(method: string, args: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    const value = await this.#peer.call(method, args, signal);
    this.#isUp = true;
    return value;
  }

  /** What waits, and every later call, rejects with `reason`. */
  end(reason: unknown): void {
    this.#peer.tell('dispose');
    this.#peer.end(reason);
    if (this.#isOurs) void this.#worker.terminate?.();
  }

  #watch(worker: Watched): void {
    if (this.#isOurs) worker.unref?.(); // The port keeps Node alive while there is something to wait for.
    if (worker.on) {
      worker.on('error', (problem) => this.#peer.end(failed(problem)));
      worker.on('exit', (code) => this.#peer.end(failed(`it ended with ${String(code)}`)));
      return;
    }
    worker.addEventListener?.('error', (event) => {
      // Later on an error ends no worker of a page.
      if (!this.#isUp) this.#peer.end(failed('message' in event ? event.message : 'its script cannot be loaded'));
    });
  }
}

function started(): Watched {
  try {
    return startWorker();
  } catch (error) {
    throw failed(error);
  }
}

function failed(problem: unknown): EmbeddingError {
  const isFull = problem instanceof Error && 'code' in problem && problem.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const got = problem instanceof Error ? problem.message : String(problem);
  const cure = 'give a worker of your own, or open the model in this thread by worker: false';
  return new EmbeddingError(
    isFull ? 'OUT_OF_MEMORY' : 'BACKEND_UNAVAILABLE',
    { where: 'worker', expected: 'one that runs', got, cure },
    { cause: problem },
  );
}
