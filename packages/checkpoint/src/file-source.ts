import { open, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from './byte-source.ts';
import { invalid } from './invalid.ts';

/** Most bytes of one system call, so that a signal is heard while a large tensor is read. */
const blockBytes = 1 << 26;

/** A file of `size` bytes, which is only open while it is read. */
export function fileSource(path: string, size: number): ByteSource {
  return {
    name: path,
    size,
    async read(begin, end, signal) {
      const file = await open(path);
      try {
        return await readRange(file, path, [begin, end], signal);
      } finally {
        await file.close();
      }
    },
  };
}

async function readRange(
  file: FileHandle,
  path: string,
  [begin, end]: readonly [number, number],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - begin);
  for (let done = 0; done < bytes.length;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, blockBytes), begin + done);
    if (bytesRead === 0) throw invalid(path, `expected bytes up to ${end}, got ${begin + done}; was it cut short?`);
    done += bytesRead;
  }
  return bytes;
}
