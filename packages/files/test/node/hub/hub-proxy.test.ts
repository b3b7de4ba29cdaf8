import { once } from 'node:events';
import { createServer, type IncomingMessage, request as ask } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { hub } from '@diptych/files/node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withFolder } from './hub-folder.ts';
import { small, withHub } from './hub-server.ts';

/** A proxy that sends every host's requests to `target`, and the hosts that it was asked for. */
async function withProxy(target: string, body: (proxy: string, hosts: string[]) => Promise<void>): Promise<void> {
  const { hostname, port } = new URL(target);
  const hosts: string[] = [];
  const proxy = createServer((request, response) => {
    const { host, pathname, search } = new URL(request.url ?? '');
    hosts.push(host);
    const forwarded = ask({ hostname, port, path: pathname + search, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  proxy.on('connect', ({ url = '' }: IncomingMessage, client, head: Buffer) => {
    hosts.push(url);
    const tunnel = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      tunnel.write(head);
      client.pipe(tunnel).pipe(client);
    });
    for (const socket of [client, tunnel]) socket.on('error', () => undefined);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  try {
    await body(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, hosts);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a proxy of the environment', () => {
  const config = small['config.json']!;
  /** Opens a file of a hub that only the proxy can reach. */
  const opened = async (endpoint: string, cacheFolder: string) =>
    hub('org/model', { endpoint, cacheFolder, offline: false }).open('config.json');

  it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])('is asked by %s', async (variable) => {
    await withFolder(async (cache) =>
      withHub(async ({ endpoint }) =>
        withProxy(endpoint, async (proxy, hosts) => {
          vi.stubEnv(variable, proxy);
          vi.stubEnv('NO_PROXY', 'other.example');
          expect((await opened('http://hub.invalid', cache))?.size).toBe(config.length);
          expect(hosts.length).toBeGreaterThan(0);
          for (const host of hosts) expect(host).toMatch(/^hub\.invalid(:80)?$/);
        }),
      ),
    );
  });

  it.each(['NO_PROXY', 'no_proxy'])('is not asked for a host of %s', async (variable) => {
    await withFolder(async (cache) =>
      withHub(async ({ endpoint }) =>
        withProxy(endpoint, async (proxy, hosts) => {
          vi.stubEnv('HTTP_PROXY', proxy);
          vi.stubEnv(variable, 'other.example, 127.0.0.1');
          expect((await opened(endpoint, cache))?.size).toBe(config.length);
          expect(hosts).toEqual([]);
        }),
      ),
    );
  });

  it('that is down is a NETWORK error', async () => {
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    await withFolder(async (cache) => {
      await expect(opened('http://hub.invalid', cache)).rejects.toMatchObject({ code: 'NETWORK' });
    });
  });

  it('without the package that speaks to it is refused, with the cure', async () => {
    vi.doMock('undici', () => {
      throw new Error('not installed');
    });
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    await withFolder(async (cache) => {
      const message = expect.stringContaining('npm install undici') as string;
      await expect(opened('http://hub.invalid', cache)).rejects.toMatchObject({ code: 'UNSUPPORTED', message });
    });
    vi.doUnmock('undici');
  });

  it('of another kind is refused, without its password', async () => {
    vi.stubEnv('ALL_PROXY', 'socks5://me:secret@127.0.0.1:1080');
    await withFolder(async (cache) => {
      const open = opened('http://hub.invalid', cache);
      await expect(open).rejects.toMatchObject({ code: 'UNSUPPORTED' });
      await expect(open).rejects.not.toThrow(/secret/);
    });
  });
});
