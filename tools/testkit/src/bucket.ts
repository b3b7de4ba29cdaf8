import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const keys = { accessKeyId: 'key', secretAccessKey: 'secret', region: 'here' } as const;

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Uint8Array, data: string) => createHmac('sha256', key).update(data).digest();

/** The signature that a request must have, by the text of Amazon's "Create a signed request". */
function signatureOf({ method, headers }: IncomingMessage, url: URL): string {
  const [, scope = '', signed = ''] =
    /Credential=key\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const query = [...url.searchParams].map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const payload = String(headers['x-amz-content-sha256']);
  const request = [method, url.pathname, query.toSorted().join('&'), lines.join(''), signed, payload].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((one, part) => hmac(one, part), `AWS4${keys.secretAccessKey}`);
  return hmac(key, text).toString('hex');
}

export interface BucketServer {
  /** Of the bucket `vectors`. */
  readonly access: typeof keys & { readonly endpoint: string };
  readonly objects: Map<string, Buffer>;
  /** Methods and paths. */
  readonly asked: readonly string[];
  /** Statuses of the next answers. */
  readonly faults: number[];
}

/** A server that speaks as much of S3 as a sink needs, and believes nobody; two objects a list. */
export async function bucketServer(): Promise<BucketServer> {
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];
  const faults: number[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const url = new URL(request.url!, 'http://here');
    asked.push(`${request.method} ${url.pathname}`);
    const say = (status: number, text: string | Buffer = '') => response.writeHead(status).end(text);
    const error = (status: number, code: string) => say(status, `<Error><Code>${code}</Code></Error>`);
    const fault = faults.shift();
    if (fault !== undefined) return error(fault, 'Fault');
    const { authorization = '', 'if-none-match': ifNone, 'x-amz-copy-source': source } = request.headers;
    if (!authorization.endsWith(`Signature=${signatureOf(request, url)}`)) return error(403, 'SignatureDoesNotMatch');
    if (request.headers['x-amz-content-sha256'] !== sha256(body)) return error(400, 'XAmzContentSHA256Mismatch');
    const [, bucket, key] = /^\/([^/]+)(?:\/(.*))?$/.exec(decodeURIComponent(url.pathname)) ?? [];
    if (bucket !== 'vectors') return error(404, 'NoSuchBucket');
    if (key === undefined) return say(200, list(url.searchParams));
    if (request.method === 'DELETE') return say(objects.delete(key) ? 204 : 404);
    if (request.method === 'GET') {
      const found = objects.get(key);
      return found ? say(200, found) : error(404, 'NoSuchKey');
    }
    if (ifNone === '*' && objects.has(key)) return error(412, 'PreconditionFailed');
    const copied =
      source === undefined ? body : objects.get(decodeURIComponent(String(source)).replace('vectors/', ''));
    if (!copied) return error(404, 'NoSuchKey');
    objects.set(key, copied);
    return say(200, source === undefined ? '' : '<CopyObjectResult/>');
  };
  const list = (query: URLSearchParams) => {
    const all = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix')!)).toSorted();
    const begin = Number(query.get('continuation-token') ?? 0);
    const found = all.slice(begin, begin + 2).map((key) => `<Key>${key.replaceAll('&', '&amp;')}</Key>`);
    const more = begin + 2 < all.length ? `<NextContinuationToken>${begin + 2}</NextContinuationToken>` : '';
    return `<ListBucketResult>${found.join('')}${more}</ListBucketResult>`;
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const access = { ...keys, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  return { access, objects, asked, faults };
}
