import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoreConfig } from '../store.ts';
import { rowBytes } from '../store/items.ts';
import { headerRecord } from './header.ts';
import { type LogState, putRecord } from './live-rows.ts';
import { readAt, writeAt } from './positions.ts';
import { encodeRecord } from './record-log.ts';

/** A log of fewer dead rows is not worth rewriting. */
const minDead = 1000;
const rowsPerRecord = 1024;

/** Whether most of a log is rows that were replaced or deleted, and deletions. */
export function isWasteful({ live, written }: LogState): boolean {
  const dead = written - live.size;
  return dead >= minDead && dead > live.size;
}

/** The rows that are there alone, in a file that takes the old one's place once it is complete. */
export async function compact(
  from: FileHandle,
  path: string,
  config: Required<StoreConfig>,
  { live }: LogState,
): Promise<FileHandle> {
  const partial = `${path}.partial`;
  const to = await open(partial, 'w+');
  try {
    let end = 0;
    const append = async (bytes: Uint8Array) => {
      await writeAt(to, bytes, end);
      end += bytes.length;
    };
    await append(encodeRecord(headerRecord(config)));
    const rows = [...live];
    for (let i = 0; i < rows.length; i += rowsPerRecord) {
      const items = rows.slice(i, i + rowsPerRecord).map(async ([id, { metadata, scale, at }]) => {
        const bytes = new Uint8Array(rowBytes(config));
        await readAt(from, bytes, at);
        return { id, metadata, scale, bytes };
      });
      await append(encodeRecord(putRecord(await Promise.all(items))));
    }
    await to.sync();
    await rename(partial, path);
    await syncFolder(dirname(path));
    return to;
  } catch (error) {
    await to.close();
    throw error;
  }
}

/** A renaming is on the disk when its folder is. Windows opens no folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
