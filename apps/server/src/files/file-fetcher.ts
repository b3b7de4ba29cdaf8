import { Agent, request } from 'undici';
import { HttpProblem } from '../http/problem.ts';
import { ForbiddenAddress, isPublicAddress, publicLookup, type Resolve } from './address-check.ts';

export interface FetchOptions {
  /** Whether addresses are followed at all. */
  readonly allowed: boolean;
  /** Hosts that are trusted though their addresses are private, as those of a store in the same cluster. */
  readonly hosts: readonly string[];
  /** Milliseconds for a file, redirects included. */
  readonly timeout: number;
  /** Most bytes of a file. */
  readonly maxBytes: number;
  readonly resolve?: Resolve;
}

/** What messages and codes call a file. */
export type FileName = 'image' | 'sound';

export const named: Readonly<Record<FileName, string>> = { image: 'An image', sound: 'A sound' };

const kinds: Readonly<Record<FileName, string>> = { image: 'image/*', sound: 'audio/*' };

const maxRedirects = 3;

/**
 * Files at addresses that strangers name: of the public Internet alone, and of hosts that are trusted by name. Every address is
 * checked where the connection is made, after each redirect, too.
 */
export class FileFetcher {
  readonly #options: FetchOptions;
  readonly #agent: Agent;

  constructor(options: FetchOptions) {
    this.#options = options;
    const lookup = publicLookup((host) => this.#isTrusted(host), options.resolve);
    this.#agent = new Agent({ connect: { lookup, timeout: options.timeout } });
  }

  /** @throws {HttpProblem} 422 for an address that may not be read or cannot, 413 for too many bytes. */
  async fetch(what: FileName, address: string, signal: AbortSignal): Promise<Uint8Array> {
    if (!this.#options.allowed)
      throw refused(what, `addresses of ${what}s are not followed here: send the ${what} itself`);
    const until = AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeout)]);
    try {
      let url = this.#checked(what, address);
      for (let redirects = 0; ; redirects++) {
        const answer = await request(url, { dispatcher: this.#agent, signal: until, headers: { accept: kinds[what] } });
        const location = answer.headers['location'];
        if (answer.statusCode < 300 || answer.statusCode > 399 || location === undefined) {
          return await this.#body(what, answer);
        }
        await answer.body.dump();
        if (redirects === maxRedirects) throw refused(what, `more than ${maxRedirects} redirects`);
        url = this.#checked(what, new URL(String(location), url).href);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof HttpProblem ? error : unreachable(what, error);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #checked(what: FileName, address: string): URL {
    if (!URL.canParse(address)) throw refused(what, 'it is no URL');
    const url = new URL(address); // Decimal, octal and hexadecimal spellings of IPv4 are dotted ones from here on.
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw refused(what, `'${url.protocol}' is not http or https`);
    if (url.username !== '' || url.password !== '') throw refused(what, 'it has a user name or a password');
    const host = hostOf(url);
    if (isAddress(host) && !this.#isTrusted(host) && !isPublicAddress(host))
      throw refused(what, new ForbiddenAddress(host).message);
    return url;
  }

  #isTrusted(host: string): boolean {
    return this.#options.hosts.includes(host);
  }

  async #body(what: FileName, { statusCode, headers, body }: Awaited<ReturnType<typeof request>>): Promise<Uint8Array> {
    const { maxBytes } = this.#options;
    if (statusCode !== 200) {
      await body.dump();
      throw refused(what, `it answers ${statusCode}`);
    }
    if (Number(headers['content-length']) > maxBytes) {
      body.destroy();
      throw tooLarge(what, maxBytes);
    }
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of body as AsyncIterable<Uint8Array>) {
      parts.push(part);
      size += part.length;
      if (size > maxBytes) throw tooLarge(what, maxBytes);
    }
    return Buffer.concat(parts);
  }
}

/** Without the brackets of IPv6 and the dot at the end. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

export function tooLarge(what: FileName, maxBytes: number): HttpProblem {
  return new HttpProblem(413, `${what}_too_large`, `${named[what]} may have ${maxBytes} bytes.`, { param: 'input' });
}

function refused(what: FileName, why: string): HttpProblem {
  return new HttpProblem(
    422,
    `${what}_url_invalid`,
    `The address of ${named[what].toLowerCase()} cannot be used: ${why}.`,
    {
      param: 'input',
    },
  );
}

/** What a stranger learns of a host that he named: nothing about which ports of it are open. */
function unreachable(what: FileName, error: unknown): HttpProblem {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) ({ cause } = cause);
  if (cause instanceof ForbiddenAddress) return refused(what, cause.message);
  return new HttpProblem(422, `${what}_url_invalid`, `The address of ${named[what].toLowerCase()} cannot be read.`, {
    param: 'input',
    cause: error,
  });
}
