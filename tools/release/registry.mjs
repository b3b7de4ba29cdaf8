import { listenAlone } from '../pack-check/registry.mjs';

/** What has just appeared is kept from users for some days by pnpm and others. */
const longAgo = '2026-01-01T00:00:00.000Z';

/**
 * An npm registry in memory that takes what is published to it; packages of others come from `upstream`, names in `own` do not.
 *
 * @returns `documents` by name as they were sent, the versions' tarballs among them.
 */
export async function takingRegistry(own, upstream) {
  const documents = new Map();
  const tarballs = new Map();
  const { url, close } = await listenAlone(async (asked, request, response) => {
    const path = decodeURIComponent(new URL(asked, 'http://registry').pathname).slice(1);
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method === 'PUT') {
      const { _attachments: sent, ...document } = await bodyOf(request);
      const [version] = Object.keys(document.versions);
      const [{ data }] = Object.values(sent);
      const tarball = Buffer.from(data, 'base64');
      document.versions[version].dist.tarball = `${url}/${document.name}/-/${version}.tgz`;
      tarballs.set(`${document.name}/-/${version}.tgz`, tarball);
      documents.set(document.name, { ...document, time: { [version]: longAgo }, tarball });
      return answer(201, { ok: true });
    }
    if (tarballs.has(path)) return response.end(tarballs.get(path));
    const name = own.find((one) => path === one || path.startsWith(`${one}/`));
    if (!name) return response.writeHead(302, { location: new URL(asked, upstream).href }).end();
    if (!documents.has(name)) return answer(404, { error: 'not found' });
    const { tarball: _, ...document } = documents.get(name);
    const version = path.slice(name.length + 1);
    return answer(200, version ? document.versions[document['dist-tags'][version] ?? version] : document);
  });
  return { url, documents, close };
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}
