import {
  type Batch,
  EmbeddingError,
  type Embeddings,
  expectFields,
  expectMembers,
  type Precision,
} from '@diptych/core';
import type { ByteSource, Files } from '@diptych/files';
import type { Architecture, PackagedModel } from '../architecture.ts';
import type { EmbedOptions, EncodeOptions, ClassifyOptions, TokenizeOptions } from '../embed-options.ts';
import type { EmbeddingSpace } from '../embedding-space.ts';
import { open } from '../open.ts';
import { isHubName } from '../platform/source.ts';
import { type Crossed, cross } from './crossed-error.ts';
import type { Description, Hello, PostedModel, PostedOptions, PostedRows, PostedSource } from './messages.ts';
import { type Answer, Peer, type Port } from './peer.ts';

/** What a worker knows of models that cannot be posted to it. */
export interface ServeOptions {
  /** Models that are packages, by the name under which `createEmbedder` asks for them. */
  readonly models?: Readonly<Record<string, PackagedModel<Record<string, unknown>>>>;
  /** Tried in order for all other models. Default those of `open`. */
  readonly architectures?: readonly Architecture<Record<string, unknown>>[];
}

type Space = EmbeddingSpace<Record<string, unknown>>;

/**
 * What a worker of one's own calls: it opens models for `createEmbedder`, whose `worker` it is, and embeds for it. Each
 * embedder has a model of its own.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for options that are not what they say; `UNSUPPORTED` outside a worker.
 */
export function serveEmbedder(options: ServeOptions = {}): void {
  const { models } = expectMembers(options, 'serveEmbedder: options');
  if (models !== undefined) expectFields(models, 'serveEmbedder: models');
  const hear = (message: unknown): void => {
    if (isHello(message)) serve(message.diptych, options);
  };
  const ours = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;
  if (ours) ours.on('message', hear);
  else if ('WorkerGlobalScope' in globalThis) globalThis.addEventListener('message', ({ data }) => hear(data));
  else throw new EmbeddingError('UNSUPPORTED', { where: 'serveEmbedder', expected: 'a worker', got: 'another thread' });
}

function isHello(message: unknown): message is Hello {
  return typeof message === 'object' && message !== null && 'diptych' in message;
}

function serve(port: Port, { models = {}, architectures }: ServeOptions): void {
  let opened: Space | undefined;
  const space = (): Space => {
    if (opened) return opened;
    throw new EmbeddingError('DISPOSED', { where: 'worker', expected: 'an opened model', got: 'none' });
  };
  const caller: Peer = new Peer(port, {
    async open([model, posted], signal) {
      const { told, page, ...options } = posted as PostedOptions;
      const tells = Object.fromEntries(told.map((name) => [name, (...args: unknown[]) => caller.tell(name, ...args)]));
      const asked = model as PostedModel;
      const packaged = typeof asked === 'string' && Object.hasOwn(models, asked) ? models[asked] : undefined;
      const source = packaged ?? (typeof asked === 'string' ? addressOf(asked, page) : filesOf(caller, asked));
      const known = packaged || !architectures ? {} : { architectures };
      opened = await open<Record<string, unknown>>(source, { ...options, ...tells, ...known, signal });
      return { value: described(opened) };
    },
    async embed([modality, items, options, skips], signal) {
      const skipped: { error: Crossed; at: number }[] = [];
      const onSkip: EmbedOptions['onSkip'] = (error, at) => skipped.push({ error: cross(error), at });
      const all = { ...(options as EmbedOptions<Precision>), signal, ...(skips === true && { onSkip }) };
      const rows = await space().embed(modality as string, items, all);
      return withRows(rows, { rows, skipped, backend: { ...space().backend } } satisfies PostedRows);
    },
    async encode([modality, batch, options]) {
      const rows = await space().encode(modality as string, batch as Batch, options as EncodeOptions<Precision>);
      return withRows(rows, rows);
    },
    async tokenize([texts, options], signal) {
      const batch = await space().tokenize(texts as string[], { ...(options as TokenizeOptions), signal });
      return { value: batch, moved: [batch.ids.buffer, batch.mask.buffer] };
    },
    async classify([images, labels, options], signal) {
      const all = { ...(options as ClassifyOptions), signal };
      return { value: await space().classify(images as Embeddings, labels as readonly string[], all) };
    },
    dispose() {
      opened?.dispose();
      caller.end(new EmbeddingError('DISPOSED', { where: 'worker', expected: 'an embedder in use', got: 'disposed' }));
      return {};
    },
  });
}

function described(space: Space): Description {
  const { id, architecture, dim, modalities, similarityFunction, parameters, bytes, dtype, backend } = space;
  return { id, architecture, dim, modalities, similarityFunction, parameters, bytes, dtype, backend: { ...backend } };
}

/** Rows belong to whoever asked for them. */
function withRows({ data }: Embeddings<Precision>, value: unknown): Answer {
  return { value, moved: [data.buffer] };
}

/** As `open` takes it in the caller's thread. */
function addressOf(model: string, page: string | undefined): string {
  return page === undefined || isHubName(model) ? model : new URL(model, page).href;
}

/** Files that the caller has and reads. */
function filesOf(caller: Peer, { id, can }: Exclude<PostedModel, string>): Files {
  const asked = async (method: string, path: string, signal?: AbortSignal): Promise<ByteSource | undefined> => {
    const found = (await caller.call(method, [path], signal)) as PostedSource | undefined;
    if (!found) return undefined;
    const { handle, name, size } = found;
    const read = async (begin: number, end: number, unwanted?: AbortSignal) =>
      (await caller.call('read', [handle, begin, end], unwanted)) as Uint8Array;
    return { name, size, read };
  };
  return {
    id,
    open: async (path, signal) => asked('open', path, signal),
    ...(can.includes('peek') && { peek: async (path, signal) => asked('peek', path, signal) }),
    ...(can.includes('has') && { has: async (path, signal) => (await caller.call('has', [path], signal)) === true }),
    ...(can.includes('paths') && { paths: async (signal) => (await caller.call('paths', [], signal)) as string[] }),
  };
}
