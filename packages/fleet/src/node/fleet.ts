import { EmbeddingError } from '@diptych/core';
import {
  AckPolicy,
  type Consumer,
  type ConsumerInfo,
  type JetStreamClient,
  JetStreamApiError,
  type JetStreamManager,
  JetStreamError,
  jetstream,
} from '@nats-io/jetstream';
import {
  type connect,
  ConnectionError,
  deadline,
  nanos,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { persistence } from './persistence.ts';

/** Not `NatsConnection`, which compilers that know no `exports` do not find. */
export type Connection = Awaited<ReturnType<typeof connect>>;

export interface FleetOptions {
  /** Addresses of `nats-server` with JetStream, of one cluster: `nats://user:password@host:port`. */
  readonly servers: readonly string[];
  /** Name of the job: letters, digits, `-` and `_`. */
  readonly job: string;
  /** Ends whatever waits. */
  readonly signal?: AbortSignal | undefined;
  /** Told once when the servers do not answer, and once when they do again. */
  readonly onNote?: (line: string) => void;
}

/** How a job is kept by the servers. */
export interface JobSettings {
  /** Servers that keep each message; default 1, and 3 outlive any one. */
  readonly replicas?: number;
  /** Milliseconds without a sign of life after which a shard is handed to somebody else; default 60,000. */
  readonly ackWait?: number;
}

/** What is kept of each shard, or of the job. */
export type Subject = 'manifest' | `${'shard' | 'done' | 'dead'}.${number | '*'}` | `worker.${string}`;

export interface Message {
  readonly data: Uint8Array;
  readonly subject: string;
  readonly seq: number;
}

const notFound = 404;
/** Of servers that are not all there yet. */
const noSuitablePeers = 10005;
/** For the account, or at all. */
const notEnabled: readonly number[] = [10039, 10076];
/** What a server that is gone may leave without an answer, for ever. */
const longestCallMs = 15_000;
const consumerName = 'workers';
const atOnce = 1000;

/**
 * A job of a fleet: one stream of JetStream, `diptych-<job>`, that keeps the last message of each subject. What the servers
 * do not answer is asked for again, later and later, until they do or the signal is aborted.
 */
export class Fleet implements AsyncDisposable {
  readonly job: string;
  readonly signal: AbortSignal | undefined;
  readonly #connection: Connection;
  readonly #streams: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #persistent: ReturnType<typeof persistence>;

  constructor(connection: Connection, streams: JetStreamManager, { job, signal, onNote }: FleetOptions) {
    this.job = job;
    this.signal = signal;
    this.#connection = connection;
    this.#streams = streams;
    this.#client = jetstream(connection);
    this.#persistent = persistence({ name: 'NATS', isPassing, signal, onNote });
  }

  /** Makes the stream and its consumer, where they are not there. */
  async create({ replicas = 1, ackWait = 60_000 }: JobSettings): Promise<void> {
    const stream = this.#stream;
    await this.#persist(async () => {
      if (await this.#exists()) return;
      await this.#streams.streams.add({
        name: stream,
        subjects: [this.#subject('>')],
        max_msgs_per_subject: 1,
        num_replicas: replicas,
      });
    });
    await this.#persist(async () =>
      this.#streams.consumers.add(stream, {
        durable_name: consumerName,
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(ackWait),
        filter_subject: this.#subject('shard.*'),
        max_ack_pending: 100_000,
      }),
    );
  }

  /** On the disks of the servers when it resolves; a second message of one id within two minutes is dropped by them. */
  async publish(subject: Subject, value: object, id?: string): Promise<void> {
    const text = JSON.stringify(value);
    await this.#persist(async () =>
      this.#client.publish(this.#subject(subject), text, id === undefined ? {} : { msgID: id }),
    );
  }

  /** The message of a subject, where there is one. */
  async last(subject: Subject): Promise<Uint8Array | undefined> {
    const query = { last_by_subj: this.#subject(subject) };
    const found = await this.#persist(async () => this.#streams.streams.getMessage(this.#stream, query));
    return found?.data;
  }

  /** Takes a message away by its place, where it is still there. */
  async remove(seq: number): Promise<void> {
    await this.#persist(async () => {
      await this.#streams.streams.deleteMessage(this.#stream, seq).catch((error: unknown) => {
        if (!(error instanceof JetStreamApiError) || isPassing(error)) throw error;
      });
    });
  }

  /** All messages of a kind, in the order in which they came, from a place of the stream on. */
  async *all(subject: Subject | 'worker.*', from = 1): AsyncGenerator<Message> {
    for (let next = from; ;) {
      const found = await this.#persist(async () => this.#some(subject, next));
      yield* found;
      if (found.length < atOnce) return;
      next = found.at(-1)!.seq + 1;
    }
  }

  async #some(subject: string, from: number): Promise<Message[]> {
    const settings = { filter_subjects: this.#subject(subject), opt_start_seq: from };
    const consumer = await this.#client.consumers.get(this.#stream, settings);
    const waiting = Math.min((await consumer.info()).num_pending, atOnce);
    const found: Message[] = [];
    if (waiting === 0) return found;
    const messages = await consumer.fetch({ max_messages: waiting, expires: 5000 });
    for await (const { data, subject: name, seq, info } of messages) {
      found.push({ data, subject: name, seq });
      if (found.length === waiting || info.pending === 0) return found;
    }
    throw new TimeoutError();
  }

  /** What hands out shards. */
  async consumer(): Promise<Consumer> {
    return this.#persist(async () => this.#client.consumers.get(this.#stream, consumerName));
  }

  async consumerInfo(): Promise<ConsumerInfo> {
    return this.#persist(async () => this.#streams.consumers.info(this.#stream, consumerName));
  }

  /** Sends what is under way. */
  async flush(): Promise<void> {
    await this.#connection.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close();
  }

  /** What a call gives, once the servers answer. */
  persist<T>(call: () => Promise<T>): Promise<T> {
    return this.#persist(call);
  }

  get #stream(): string {
    return `diptych-${this.job}`;
  }

  #subject(rest: string): string {
    return `diptych.${this.job}.${rest}`;
  }

  async #exists(): Promise<boolean> {
    try {
      await this.#streams.streams.info(this.#stream);
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.status === notFound) return false;
      throw error;
    }
  }

  async #persist<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await this.#persistent(async () => deadline(call(), longestCallMs));
    } catch (error) {
      throw this.signal?.aborted ? error : this.#refusal(error);
    }
  }

  #refusal(error: unknown): unknown {
    if (error instanceof JetStreamApiError && error.status === notFound) {
      const cure = 'diptych fleet submit makes it';
      return new EmbeddingError(
        'NOT_FOUND',
        { where: `job '${this.job}'`, expected: 'one that was submitted', got: 'none', cure },
        { cause: error },
      );
    }
    if (error instanceof EmbeddingError || !(error instanceof Error)) return error;
    return new EmbeddingError(
      'NETWORK',
      { where: `job '${this.job}'`, expected: 'an answer of NATS', got: error },
      { cause: error },
    );
  }
}

/** Whether asking again may help: a server is gone, chooses a leader, or has no room for a moment. */
function isPassing(error: unknown): boolean {
  if (error instanceof JetStreamApiError && notEnabled.includes(error.code)) return false;
  if (error instanceof JetStreamApiError)
    return error.status >= 500 || error.status === 408 || error.code === noSuitablePeers;
  // Where nobody answers, the call says that JetStream is not enabled, and why: the job was opened where there is JetStream.
  const whys = [error, error instanceof Error && error.name === 'JetStreamNotEnabled' && error.cause];
  return [TimeoutError, NoRespondersError, RequestError, ConnectionError, JetStreamError].some((kind) =>
    whys.some((why) => why instanceof kind),
  );
}
