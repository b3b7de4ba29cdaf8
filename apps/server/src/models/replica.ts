import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EmbeddingError } from '@diptych/core';
import { type Asked, crossed, type Description, type Methods, type Start, type Told } from './messages.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** In the repository sources run as they are. */
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** A process that has a model. What it was asked for rejects with `BACKEND_UNAVAILABLE` when it dies. */
export class Replica {
  readonly description: Description;
  /** Resolves when the process has ended, whatever the reason. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #hasEnded = false;

  private constructor(child: ChildProcess, description: Description) {
    this.#child = child;
    this.description = description;
    child.on('message', (told: Told) => this.#receive(told));
    child.on('error', () => child.kill('SIGKILL')); // It cannot be written to: what it was asked for rejects when it has ended.
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#hasEnded = true;
        const reason = lost(signal ?? code);
        for (const waiting of this.#waiting.values()) waiting.reject(reason);
        this.#waiting.clear();
        resolve();
      });
    });
  }

  /** @throws {EmbeddingError} what `open` throws; `BACKEND_UNAVAILABLE` when the process does not start. */
  static async start(asked: Start): Promise<Replica> {
    const child = fork(fileURLToPath(new URL(`./replica-process.${ending}`, import.meta.url)), {
      serialization: 'advanced',
      execArgv: ending === 'ts' ? ['--conditions=@diptych/source', '--import', 'tsx'] : process.execArgv,
    });
    try {
      const description = await new Promise<Description>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, signal) => reject(lost(signal ?? code)));
        child.once('message', (told: Told) => {
          if ('started' in told) resolve(told.started);
          else reject('failed' in told ? crossed(told.failed) : lost('another answer'));
        });
        child.send({ start: asked } satisfies Asked);
      });
      return new Replica(child, description);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async call<M extends keyof Methods>(
    method: M,
    args: Methods[M]['args'],
    signal?: AbortSignal,
  ): Promise<Methods[M]['value']> {
    signal?.throwIfAborted();
    if (this.#hasEnded) throw lost('it had ended');
    const call = ++this.#last;
    const abort = (): void => {
      this.#tell({ abort: call });
      this.#waiting.get(call)?.reject(signal?.reason);
      this.#waiting.delete(call);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<Methods[M]['value']>((resolve, reject) => {
        this.#waiting.set(call, { resolve, reject });
        this.#tell({ call, method, args });
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends the process; by force where it is not gone within `patience` ms. */
  async stop(patience = 5000): Promise<void> {
    if (this.#hasEnded) return;
    this.#tell({ stop: true });
    const force = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    await this.ended;
    clearTimeout(force);
  }

  #tell(asked: Asked): void {
    if (this.#child.connected) this.#child.send(asked);
  }

  #receive(told: Told): void {
    if (!('answer' in told)) return;
    const waiting = this.#waiting.get(told.answer);
    this.#waiting.delete(told.answer);
    if (told.error) waiting?.reject(crossed(told.error));
    else waiting?.resolve(told.value);
  }
}

function lost(how: unknown): EmbeddingError {
  return new EmbeddingError('BACKEND_UNAVAILABLE', {
    where: 'model process',
    expected: 'one that runs',
    got: `it ended with ${String(how)}`,
  });
}
