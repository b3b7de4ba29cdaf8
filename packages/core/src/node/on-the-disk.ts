import { expectMembers, expectText } from '../arguments.ts';
import { type FileHandle, open } from 'node:fs/promises';

/** All bytes at a position of a file: one `write` may take fewer. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  expectMembers(file, 'writeAt', 'write');
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/** Renames are on the disk when their folder is. Windows opens no folder, and keeps no promise to sync one. */
export async function syncFolder(path: string): Promise<void> {
  expectText(path, 'syncFolder');
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
