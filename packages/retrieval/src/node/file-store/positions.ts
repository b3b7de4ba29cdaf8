import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Fills the bytes from a position of a file: one `read` may give fewer. */
export async function readAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new Error(`expected ${bytes.length} bytes at ${position}, the file ends before`);
    done += bytesRead;
  }
}

/** As `readAt`, before anything else happens. */
export function readNow(file: FileHandle, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file.fd, bytes, done, bytes.length - done, position + done);
    if (read === 0) throw new Error(`expected ${bytes.length} bytes at ${position}, the file ends before`);
    done += read;
  }
}
