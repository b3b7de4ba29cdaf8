import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
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
  const server = createServer((request, response) => {
    const body = byPath.get(decodeURIComponent(request.url));
    if (body) response.end(body);
    else response.writeHead(302, { location: new URL(request.url, upstream).href }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
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
  return { url, close: () => server.close() };
}
