import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ByteSource } from './byte-source.ts';
import { invalid } from './invalid.ts';

/** Most bytes of one system call, so that a signal is heard while a large tensor is read. */
const blockBytes = 1 << 26;

/** A file of `size` bytes, which is only open while it is read. */
export function fileSource(path: string, size: number): ByteSource {
  const descriptor = untilIdle(() => openSync(path, 'r'));
  return {
    name: path,
    size,
    async read(begin, end, signal) {
      const file = await open(path);
      try {
        const bytes = new Uint8Array(end - begin);
        for (let done = 0; done < bytes.length;) {
          signal?.throwIfAborted();
          const block = Math.min(bytes.length - done, blockBytes);
          done += expectSome((await file.read(bytes, done, block, begin + done)).bytesRead, path, [begin + done, end]);
        }
        return bytes;
      } finally {
        await file.close();
      }
    },
    readSync(begin, room) {
      const file = descriptor();
      for (let done = 0; done < room.length;) {
        const got = readSync(file, room, done, room.length - done, begin + done);
        done += expectSome(got, path, [begin + done, begin + room.length]);
      }
    },
  };
}

function expectSome(bytesRead: number, path: string, [at, end]: readonly [number, number]): number {
  if (bytesRead > 0) return bytesRead;
  throw invalid(path, `expected bytes up to ${end}, got ${at}; was it cut short?`);
}

/** One descriptor for all reads until the event loop goes on. */
function untilIdle(openFile: () => number): () => number {
  let opened: number | undefined;
  return () => {
    if (opened !== undefined) return opened;
    const file = (opened = openFile());
    setImmediate(() => {
      opened = undefined;
      closeSync(file);
    });
    return file;
  };
}
