import { EmbeddingError } from '@diptych/core';
import type { Variables } from './expand-path.ts';

type Fetch = typeof globalThis.fetch;

/**
 * The platform's `fetch`, by the proxies that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name, in capitals
 * or not. What speaks to them is loaded with the first request, and only where there is one.
 *
 * It rejects with `UNSUPPORTED` for a proxy of another kind than http and https, and without the package `undici`.
 */
export function environmentFetch(variables: Variables): Fetch {
  const read = (name: string): string | undefined => variables[name] || variables[name.toUpperCase()] || undefined;
  const all = read('all_proxy');
  const httpProxy = read('http_proxy') ?? all;
  const httpsProxy = read('https_proxy') ?? all;
  if (httpProxy === undefined && httpsProxy === undefined) return globalThis.fetch;
  const options = {
    ...(httpProxy !== undefined && { httpProxy }),
    ...(httpsProxy !== undefined && { httpsProxy }),
    noProxy: read('no_proxy') ?? '',
  };
  const load = async () => {
    for (const proxy of [httpProxy, httpsProxy]) if (proxy !== undefined) checkProxy(proxy);
    const { EnvHttpProxyAgent } = await loadUndici();
    return new EnvHttpProxyAgent(options);
  };
  let dispatcher: ReturnType<typeof load> | undefined;
  return async (input, init) => {
    const proxied = { ...init, dispatcher: await (dispatcher ??= load()) };
    return globalThis.fetch(input, proxied);
  };
}

async function loadUndici(): Promise<typeof import('undici')> {
  try {
    return await import('undici');
  } catch (cause) {
    const expected = "the package 'undici', which speaks to it";
    const problem = { where: 'proxy of the environment', expected, got: 'none', cure: 'npm install undici' };
    throw new EmbeddingError('UNSUPPORTED', problem, { cause });
  }
}

/** A proxy may carry a password: no message quotes one. */
function checkProxy(proxy: string): void {
  if (URL.canParse(proxy) && /^https?:/i.test(proxy)) return;
  throw new EmbeddingError('UNSUPPORTED', {
    where: 'proxy of the environment',
    expected: 'an http or https URL',
    got: 'another',
  });
}
