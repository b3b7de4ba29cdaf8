import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the packages of others come from. */
export async function upstreamRegistry() {
  return (await run('npm', ['config', 'get', 'registry'])).stdout.trim();
}

/** What has just appeared is kept from users for some days by Yarn and others. */
const longAgo = '2026-01-01T00:00:00.000Z';

/** An npm registry with these packages in it, so that they find one another as they will once published. */
export async function serveRegistry(packages, upstream) {
  const byPath = new Map();
  const { url, close } = await listenAlone((path, request, response) => {
    const body = byPath.get(decodeURIComponent(path));
    if (body) response.end(body);
    else response.writeHead(302, { location: new URL(path, upstream).href }).end();
  });
  for (const { name, manifest, tarball } of packages) {
    const bytes = await readFile(tarball);
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const dist = { integrity, tarball: `${url}/${name}.tgz` };
    const one = { ...manifest, dist };
    const versions = { [manifest.version]: one };
    const time = { [manifest.version]: longAgo };
    byPath.set(`/${name}.tgz`, bytes);
    for (const version of ['latest', manifest.version]) byPath.set(`/${name}/${version}`, JSON.stringify(one));
    byPath.set(`/${name}`, JSON.stringify({ name, versions, 'dist-tags': { latest: manifest.version }, time }));
  }
  return { url, close };
}

/**
 * Serves under an address that no other run had. By its port alone, which comes again some day, npm and pnpm took the same
 * versions of an earlier run out of their caches.
 *
 * @param answer Gets the path below that address, with the request and the response.
 */
export async function listenAlone(answer) {
  const prefix = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    if (request.url.startsWith(`${prefix}/`)) return answer(request.url.slice(prefix.length), request, response);
    return response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}${prefix}`, close: () => server.close() };
}
