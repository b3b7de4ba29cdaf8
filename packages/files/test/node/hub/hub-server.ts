import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { withServer } from '../server.ts';

export const commit = 'c0ffee'.padEnd(40, '0');
export const secret = 'hf_verySecretToken';

const large = 400_000;
/** The weights, kept on a content network as large files are. */
export const weights: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: large }, (_, i) => i * 7);
const text = (value: string) => new TextEncoder().encode(value);
/** The small files, which the hub sends itself. */
export const small: Readonly<Record<string, Uint8Array>> = {
  'config.json': text('{"model_type":"clip"}'),
  '1_Pooling/config.json': text('{}'),
  'empty.txt': text(''),
};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const gitSha1 = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

export interface SeenRequest {
  readonly host: 'hub' | 'network';
  readonly url: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FakeHub {
  readonly endpoint: string;
  readonly requests: SeenRequest[];
  /** Answers instead of the hub's listing. */
  list: Answer | undefined;
  /** Answers instead of the content network. */
  send: Answer | undefined;
}

/** A hub with one model `org/model`, and the network that it redirects to on another origin. */
export async function withHub(body: (hub: FakeHub) => Promise<void>): Promise<void> {
  const requests: SeenRequest[] = [];
  const hub = { requests, list: undefined as Answer | undefined, send: undefined as Answer | undefined };
  const see = (host: SeenRequest['host'], { url = '', headers }: IncomingMessage) =>
    requests.push({ host, url, range: headers.range, authorization: headers.authorization });
  const network: Answer = (request, response) => {
    see('network', request);
    (hub.send ?? sendWeights)(request, response);
  };
  await withServer(network, async (origin) => {
    const front: Answer = (request, response) => {
      see('hub', request);
      answer(request, response, { origin, list: hub.list });
    };
    await withServer(front, async (endpoint) => body(Object.assign(hub, { endpoint })));
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { origin, list = sendListing }: { readonly origin: string; readonly list: Answer | undefined },
): void {
  const url = request.url ?? '';
  if (url.startsWith('/api/')) return list(request, response);
  const path = url.slice(`/org/model/resolve/${commit}/`.length);
  if (path === 'model.safetensors') {
    response.writeHead(302, { location: `${origin}/blob?signature=x`, 'x-linked-etag': `"${sha256(weights)}"` }).end();
  } else if (small[path]) response.writeHead(200).end(small[path]);
  else response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
}

const sendListing: Answer = ({ url }, response) => {
  if (!/^\/api\/models\/org\/model\/revision\/(main|refs%2Fpr%2F1|c0ffee0+)\?blobs=true$/.test(url ?? '')) {
    const headers = { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' };
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(listing()));
};

export function listing() {
  const siblings = Object.entries(small).map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    blobId: gitSha1(bytes),
  }));
  const lfs = { sha256: sha256(weights), size: weights.length, pointerSize: 134 };
  const stored = { rfilename: 'model.safetensors', size: weights.length, blobId: '0'.repeat(40), lfs };
  return { id: 'org/model', sha: commit, siblings: [...siblings, stored] };
}

/** The weights, from where the request asks. */
export const sendWeights: Answer = ({ headers }, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const range = { 'content-range': `bytes ${from}-${weights.length - 1}/${weights.length}` };
  if (from > 0) response.writeHead(206, range);
  response.end(weights.subarray(from));
};

/** Sends the first `count` bytes of the weights, and then what `then` does. */
export function sendPart(count: number, then: (response: ServerResponse) => void): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': weights.length });
    response.write(weights.subarray(0, count), () => then(response));
  };
}
