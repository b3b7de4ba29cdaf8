import { blockSource } from '../block-source.ts';
import type { ByteSource } from '../byte-source.ts';
import { rangeOf } from '../range-of.ts';
import type { HubFile } from './hub-listing.ts';
import { repoId, resolvePath, type HubRepo } from './hub-repo.ts';
import { ask, refused } from './hub-request.ts';

/** Up to here a file is as well fetched whole. */
const smallBytes = 1 << 20;
const blockBytes = 1 << 18;

/** Parts of a large file, by ranges and kept nowhere; `undefined` for a small file and where the hub sends no ranges. */
export async function peekAt(
  repo: HubRepo,
  commit: string,
  file: HubFile,
  signal?: AbortSignal,
): Promise<ByteSource | undefined> {
  if (file.size <= smallBytes) return undefined;
  const path = resolvePath(repo, commit, file.path);
  const request = async (begin: number, end: number, by?: AbortSignal): Promise<Response> =>
    ask(repo, path, { range: `bytes=${begin}-${end - 1}`, signal: by });
  const first = await request(0, blockBytes, signal);
  if (first.status === 200) {
    await first.body?.cancel();
    return undefined;
  }
  let head: Response | undefined = first;
  const read = async (begin: number, end: number, by?: AbortSignal): Promise<Uint8Array> => {
    const response = begin === 0 && head ? head : await request(begin, end, by);
    head = undefined;
    if (response.status !== 206) throw await refused(repo, `'${file.path}' from byte ${begin}`, response);
    const where = `${repoId(repo)}: '${file.path}'`;
    return rangeOf(response, [begin, end], { where, patience: repo.patience, signal: by });
  };
  return blockSource({ name: `${repoId(repo)}/${file.path}`, size: file.size, read }, { blockBytes });
}
