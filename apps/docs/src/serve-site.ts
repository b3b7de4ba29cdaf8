import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Where the site is built, with a slash at its end. */
export const built = fileURLToPath(new URL('../site/.vitepress/dist/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};
const compressed = new Set(['.html', '.js', '.css', '.json', '.svg', '.wasm']);

/**
 * The site that was built, as a host serves it: addresses without `.html`, compressed, isolated so that memory can be shared.
 *
 * @throws When no site is built.
 */
export async function serveSite(): Promise<{ readonly url: string; readonly close: () => void }> {
  const start = join(built, 'index.html');
  if (!existsSync(start)) throw new Error(`${start}: expected the site that \`pnpm build\` writes, found none`);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname.endsWith('/') ? `${pathname}index.html` : extname(pathname) ? pathname : `${pathname}.html`;
    const type = extname(path);
    const body = await readFile(join(built, decodeURIComponent(path))).catch(() => undefined);
    const small = body && compressed.has(type) && request.headers['accept-encoding']?.includes('gzip');
    response.writeHead(body ? 200 : 404, {
      'content-type': types[type] ?? 'application/octet-stream',
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      ...(small && { 'content-encoding': 'gzip' }),
    });
    response.end(small ? gzipSync(body) : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
