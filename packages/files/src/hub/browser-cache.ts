import { EmbeddingError } from '@diptych/core';
import { blobSource } from '../blob-files.ts';
import { encodePath } from '../relative-path.ts';
import type { HubCache } from './hub-cache.ts';
import { checkHash } from './hub-download.ts';
import { isCommit, repoId, resolvePath, type HubRepo } from './hub-repo.ts';

/** Its name among the caches of the page's origin. */
const cacheName = 'diptych-hub';

/** A cache of the page's origin, by the web's Cache API. */
export function browserCache(): HubCache {
  return {
    async commitOf(repo) {
      const kept = await (await open(repo)).match(refUrl(repo));
      const commit = await kept?.text();
      return commit !== undefined && isCommit(commit) ? commit : undefined;
    },
    setCommit: async (repo, commit) => putIfRoom(await open(repo), refUrl(repo), commit),
    async find(repo, commit, { path, size }) {
      const url = fileUrl(repo, commit, path);
      const blob = await (await (await open(repo)).match(url))?.blob();
      return blob && (size === undefined || blob.size === size) ? blobSource(blob, url) : undefined;
    },
    async paths(repo, commit) {
      const folder = fileUrl(repo, commit, '');
      const kept = (await (await open(repo)).keys()).filter(({ url }) => url.startsWith(folder));
      return kept.map(({ url }) => decodeURIComponent(url.slice(folder.length)));
    },
    isAbsent: async (repo, commit, path) =>
      Boolean(await (await open(repo)).match(keyOf('no_exist', repo, commit, path))),
    setAbsent: async (repo, commit, path) => putIfRoom(await open(repo), keyOf('no_exist', repo, commit, path), ''),
    async add(repo, commit, download, options) {
      const cache = await open(repo);
      const begun = keyOf('partial', repo, commit, download.file.path);
      const before = await (await cache.match(begun))?.blob();
      const { received } = await import('./browser-download.ts');
      const keep = (arrived: Blob) => putIfRoom(cache, begun, arrived);
      const { blob, hash } = await received(download, before, { ...options, keep });
      await cache.delete(begun);
      checkHash(download.file, hash);
      const url = fileUrl(repo, commit, download.file.path);
      await putIfRoom(cache, url, blob);
      return blobSource(blob, url);
    },
  };
}

async function putIfRoom(cache: Cache, url: string, content: Blob | string): Promise<void> {
  try {
    await cache.put(url, new Response(content));
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
  }
}

async function open(repo: HubRepo): Promise<Cache> {
  if (!globalThis.isSecureContext || !('caches' in globalThis)) {
    throw new EmbeddingError('UNSUPPORTED', {
      where: repoId(repo),
      expected: 'the Cache API, which pages have on https and localhost',
      got: 'none',
      cure: "in Node take '@diptych/files/node'",
    });
  }
  return caches.open(cacheName);
}

function fileUrl(repo: HubRepo, commit: string, path: string): string {
  return `${repo.endpoint}/${resolvePath(repo, commit, path)}`;
}

/** Not an address of the hub: only a key. */
function refUrl({ endpoint, name, revision }: HubRepo): string {
  return `${endpoint}/${name}/refs/${encodeURIComponent(revision)}`;
}

/** Nor is this, of what there is to know of a file beside its content. */
function keyOf(kind: 'no_exist' | 'partial', { endpoint, name }: HubRepo, commit: string, path: string): string {
  return `${endpoint}/${name}/${kind}/${commit}/${encodePath(path)}`;
}
