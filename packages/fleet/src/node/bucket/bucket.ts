import { createHash } from 'node:crypto';
import { arriving, ask, bytesOfBody, checkSignal, EmbeddingError } from '@diptych/core';
import { AwsClient } from 'aws4fetch';

/** Who asks, and whom. */
export interface BucketAccess {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Default: `us-east-1`. */
  readonly region?: string | undefined;
  /** Of a server that speaks S3, as `https://host:port`. Default: Amazon's of the region. */
  readonly endpoint?: string | undefined;
}

interface Asked {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** Of an object, which is asked for and put whole. */
const maxBytes = 2 ** 31;
/** What is waited for the head of an answer, and for each byte that is sent. */
const headMs = 60_000;
const msPerByte = 0.01;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Objects below a prefix of a bucket, by paths that begin after it. */
export class Bucket {
  /** As messages have it. */
  readonly id: string;
  readonly #client: AwsClient;
  readonly #address: string;
  readonly #name: string;
  readonly #prefix: string;
  readonly #signal: AbortSignal | undefined;

  /** @param prefix Empty, or with `/` at its end. */
  constructor(
    { name, prefix }: { readonly name: string; readonly prefix: string },
    { region = 'us-east-1', endpoint, ...keys }: BucketAccess,
    signal: AbortSignal | undefined,
  ) {
    this.id = `s3://${name}/${prefix}`;
    this.#client = new AwsClient({ ...keys, region, service: 's3' });
    this.#address = `${(endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '')}/${name}`;
    this.#name = name;
    this.#prefix = prefix;
    this.#signal = signal;
  }

  async get(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { status, body } = await this.#ask({ method: 'GET', path }, [404]);
    if (status === 404 && !/<Code>NoSuchKey</.test(textOf(body))) throw this.#refusal(status, body);
    return status === 404 ? undefined : body;
  }

  /** @param isNew Leaves what is there, which `false` tells. */
  async put(path: string, body: Uint8Array<ArrayBuffer>, isNew = false): Promise<boolean> {
    const headers: Record<string, string> = isNew ? { 'if-none-match': '*' } : {};
    return (await this.#ask({ method: 'PUT', path, headers, body }, isNew ? [412] : [])).status !== 412;
  }

  /** Where there is none any more, nothing happens. */
  async copy(from: string, to: string): Promise<void> {
    const headers = { 'x-amz-copy-source': encoded(`${this.#name}/${this.#prefix}${from}`) };
    const { status, body } = await this.#ask({ method: 'PUT', path: to, headers }, [404]);
    // Amazon may say in an answer that began well that it did not end so.
    if (status === 200 && textOf(body).includes('<Error>')) throw this.#refusal(500, body);
  }

  async remove(path: string): Promise<void> {
    await this.#ask({ method: 'DELETE', path }, [404]);
  }

  /** Paths that begin so. */
  async list(begin: string): Promise<readonly string[]> {
    const paths: string[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const query: Record<string, string> = { 'list-type': '2', prefix: `${this.#prefix}${begin}` };
      if (next !== '') query['continuation-token'] = next;
      const { body } = await this.#ask({ method: 'GET', query }, []);
      const text = textOf(body);
      for (const [, key] of text.matchAll(/<Key>([^<]*)<\/Key>/g))
        paths.push(unescaped(key!).slice(this.#prefix.length));
      const [, token] = /<NextContinuationToken>([^<]*)</.exec(text) ?? [];
      next = token === undefined ? undefined : unescaped(token);
    }
    return paths;
  }

  async #ask(
    { method, path, query = {}, headers = {}, body }: Asked,
    expected: readonly number[],
  ): Promise<{ readonly status: number; readonly body: Uint8Array<ArrayBuffer> }> {
    checkSignal(this.#signal);
    const url = new URL(path === undefined ? this.#address : `${this.#address}/${encoded(this.#prefix + path)}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const sha256 = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const all = { ...headers, 'x-amz-content-sha256': sha256 };
    const signed = await this.#client.sign(url.href, { method, headers: all, ...(body && { body }) });
    const init = { method, headers: signed.headers, signal: this.#signal ?? null, ...(body && { body }) };
    const head = headMs + (body?.length ?? 0) * msPerByte;
    const response = await arriving(this.id, ask(fetch, signed.url, init, { head }), this.#signal);
    const answer = bytesOfBody(response, { limit: maxBytes, signal: this.#signal });
    const bytes = await arriving(this.id, answer, this.#signal);
    if (!response.ok && !expected.includes(response.status)) throw this.#refusal(response.status, bytes);
    return { status: response.status, body: bytes };
  }

  #refusal(status: number, body: Uint8Array): EmbeddingError {
    const [, code = ''] = /<Code>([^<]*)</.exec(textOf(body)) ?? [];
    const cause = Object.assign(new Error(`${status} ${code}`.trim()), { status });
    return new EmbeddingError('NETWORK', { where: this.id, expected: 'an answer of S3', got: cause }, { cause });
  }
}

/** Whether asking again may help. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof EmbeddingError) || error.code !== 'NETWORK') return false;
  const { cause } = error;
  if (!(cause instanceof Error) || !('status' in cause)) return true;
  const status = Number(cause.status);
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const unescaped = (text: string) =>
  text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, ten?: string, hex?: string, name?: string) =>
    name === undefined ? String.fromCodePoint(ten ? Number(ten) : parseInt(hex!, 16)) : (entities[name] ?? all),
  );
