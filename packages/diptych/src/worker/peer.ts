import { checkSignal, EmbeddingError } from '@diptych/core';
import { cross, type Crossed, crossed } from './crossed-error.ts';

/** What a method gives back, and those of its buffers that move to the other side instead of being copied. */
export interface Answer {
  readonly value?: unknown;
  readonly moved?: readonly ArrayBufferLike[];
}

/** What the other side may call, or tell without waiting. */
export type Methods = Readonly<
  Record<string, (args: readonly unknown[], signal: AbortSignal) => Promise<Answer> | Answer>
>;

type Message =
  | { readonly call: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly tell: string; readonly args: readonly unknown[] }
  | { readonly abort: number }
  | { readonly answer: number; readonly value?: unknown; readonly error?: Crossed };

/** A `MessagePort`, whose type not every user of ours has. */
export interface Port {
  postMessage(message: unknown, moved: ArrayBuffer[]): void;
  addEventListener(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start(): void;
  close(): void;
  /** Whether Node waits for what is to come. */
  ref?(): void;
  unref?(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** One side of a port between two threads, each of which calls methods of the other, several at once. */
export class Peer {
  readonly #port: Port;
  readonly #methods: Methods;
  /** Calls of ours, by number. */
  readonly #waiting = new Map<number, Waiting>();
  /** Calls of the other side that are under way. */
  readonly #running = new Map<number, AbortController>();
  #last = 0;
  #ended: { readonly reason: unknown } | undefined;

  constructor(port: Port, methods: Methods) {
    this.#port = port;
    this.#methods = methods;
    port.addEventListener('message', ({ data }) => void this.#receive(data as Message));
    port.start();
    this.#keepAlive(false);
  }

  /**
   * Rejects with what the method of the other side throws, codes and fields of `EmbeddingError` included; at once with the
   * signal's reason when it is aborted, which the other side hears of.
   *
   * @throws {EmbeddingError} `INPUT_INVALID` for arguments that cannot be posted.
   */
  async call(method: string, args: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    checkSignal(signal);
    if (this.#ended) throw this.#ended.reason;
    const call = ++this.#last;
    const abort = (): void => {
      this.#settle(call)?.reject(signal?.reason);
      this.#post({ abort: call });
    };
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(call, { resolve, reject });
        this.#keepAlive(true);
        signal?.addEventListener('abort', abort, { once: true });
        this.#post({ call, method, args });
      });
    } finally {
      this.#settle(call);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** A call whose end nobody waits for. */
  tell(method: string, ...args: readonly unknown[]): void {
    if (!this.#ended) this.#post({ tell: method, args });
  }

  /** Closes the port: what waits, and every later call, rejects with `reason`. What the other side waits for is aborted. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = { reason };
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    for (const running of this.#running.values()) running.abort(reason);
    this.#port.close();
  }

  async #receive(message: Message): Promise<void> {
    if ('answer' in message) {
      const { answer, value, error } = message;
      const waiting = this.#settle(answer);
      if (error) waiting?.reject(crossed(error));
      else waiting?.resolve(value);
    } else if ('abort' in message) this.#running.get(message.abort)?.abort();
    else if ('tell' in message) await this.#methods[message.tell]?.(message.args, new AbortController().signal);
    else await this.#answer(message.call, message.method, message.args);
  }

  async #answer(call: number, name: string, args: readonly unknown[]): Promise<void> {
    const running = new AbortController();
    this.#running.set(call, running);
    try {
      const method = this.#methods[name];
      if (!method) throw new EmbeddingError('UNSUPPORTED', { where: 'worker', expected: 'a known method', got: name });
      const { value, moved } = await method(args, running.signal);
      this.#post({ answer: call, value }, moved);
    } catch (error) {
      this.#post({ answer: call, error: cross(error) });
    } finally {
      this.#running.delete(call);
    }
  }

  #settle(call: number): Waiting | undefined {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (this.#waiting.size === 0) this.#keepAlive(false);
    return waiting;
  }

  #post(message: Message, moved: readonly ArrayBufferLike[] = []): void {
    if (this.#ended) return;
    try {
      this.#port.postMessage(
        message,
        moved.filter((buffer) => buffer instanceof ArrayBuffer),
      );
    } catch (cause) {
      const got = cause instanceof Error ? cause.message : String(cause);
      throw new EmbeddingError(
        'INPUT_INVALID',
        { where: 'worker', expected: 'what can be posted to it', got },
        { cause },
      );
    }
  }

  /** Of Node, which waits for what is to come; a page lives on in any case. */
  #keepAlive(is: boolean): void {
    if (is) this.#port.ref?.();
    else this.#port.unref?.();
  }
}
