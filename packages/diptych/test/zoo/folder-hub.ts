import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A hub without a network, and the files that it was asked for. */
export interface FolderHub {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: string[];
}

const commit = 'c0ffee'.padEnd(40, '0');

/** A hub whose one repository is a folder. It answers ranges, as the real one does. */
export function folderHub(repo: string, folder: string): FolderHub {
  const asked: string[] = [];
  const answer = async (url: string, range: string | null): Promise<Response> => {
    if (url.endsWith(`/api/models/${repo}/revision/main?blobs=true`)) return Response.json(await listing(folder));
    const [, path] = url.split(`/${repo}/resolve/${commit}/`);
    if (path === undefined) return new Response(null, { status: 404 });
    asked.push(decodeURIComponent(path));
    return part(new Uint8Array(await readFile(join(folder, decodeURIComponent(path)))), range);
  };
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    return answer(request.url, request.headers.get('range'));
  };
  return { fetch, asked };
}

function part(bytes: Uint8Array<ArrayBuffer>, range: string | null): Response {
  const [, from, to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return new Response(bytes);
  const end = to === '' ? bytes.length : Math.min(Number(to) + 1, bytes.length);
  const headers = { 'content-range': `bytes ${from}-${end - 1}/${bytes.length}` };
  return new Response(bytes.subarray(Number(from), end), { status: 206, headers });
}

async function listing(folder: string): Promise<unknown> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const siblings = paths.map(async (path) => {
    const bytes = await readFile(path);
    const blobId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    return { rfilename: relative(folder, path).replaceAll('\\', '/'), size: bytes.length, blobId };
  });
  return { sha: commit, siblings: await Promise.all(siblings) };
}
