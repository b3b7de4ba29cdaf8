import type { Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { contentHash } from './content-hash.ts';
import { partsOf } from '../../hub/hub-body.ts';
import type { HubCacheOptions } from '../../hub/hub-cache.ts';
import { checkHash, type HubDownload } from '../../hub/hub-download.ts';
import type { HubFile } from '../../hub/hub-listing.ts';
import { claimPartial, releasePartial } from './partial.ts';

/**
 * Downloads a file to `blob`, which appears whole and verified or not at all. What arrived before an interruption is
 * continued by the next call, of this or another process.
 *
 * @throws {EmbeddingError} `NETWORK` when the body is cut short or is not what the hub lists.
 */
export async function downloadBlob(blob: string, download: HubDownload, options: HubCacheOptions): Promise<void> {
  const { file } = download;
  const partial = await claimPartial(blob);
  let hash: string;
  try {
    hash = await fill(partial, download, options);
  } catch (error) {
    await releasePartial(blob, partial);
    throw error;
  }
  try {
    checkHash(file, hash);
  } catch (error) {
    await rm(partial);
    throw error;
  }
  await rename(partial, blob);
}

/** To be read and appended to, and no link: `O_NOFOLLOW` is nothing on Windows. */
const appending = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** Appends what is missing of a partial download and hashes all of it. */
async function fill(path: string, download: HubDownload, options: HubCacheOptions): Promise<string> {
  const { file } = download;
  const handle = await open(path, appending);
  try {
    let hash = contentHash(file);
    const done = await hashPartial(handle, file, hash);
    if (done < file.size) {
      const body = await download.request(done);
      if (body.from !== done) {
        await handle.truncate(body.from);
        hash = contentHash(file);
      }
      for await (const part of partsOf(file, body, options)) {
        await handle.appendFile(part);
        hash.update(part);
      }
    }
    // The content is to be on the disk before its name is.
    await handle.sync();
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

/** Hashes what an interrupted download left; longer than the file, it is worth nothing. */
async function hashPartial(handle: FileHandle, file: HubFile, hash: Hash): Promise<number> {
  const { size } = await handle.stat();
  if (size > file.size) {
    await handle.truncate(0);
    return 0;
  }
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Uint8Array);
  return size;
}
