import type { FileHandle } from 'node:fs/promises';
import { checkSignal, EmbeddingError, expectText } from '@diptych/core';
import { openFile } from '@diptych/core/node';
import type { ByteSource } from '../byte-source.ts';
import { diskError } from './disk-error.ts';
import { statIfThere } from './stat-if-there.ts';

/** Most bytes of one system call, so that a signal is heard while a large tensor is read. */
const blockBytes = 1 << 26;

/** The file at a path, links followed; `undefined` where there is none, or a folder, pipe or device. */
export async function fileAt(path: string): Promise<ByteSource | undefined> {
  expectText(path, 'fileAt');
  const found = await statIfThere(path);
  return found?.isFile() ? fileSource(path, found.size) : undefined;
}

/** A file of `size` bytes, which is only open while it is read. */
export function fileSource(path: string, size: number): ByteSource {
  const use = whileUsed(async () => {
    try {
      return (await openFile(path)).file;
    } catch (error) {
      throw diskError('read', path, error);
    }
  });
  return {
    name: path,
    size,
    read: (begin, end, signal, room = new Uint8Array(end - begin)) => {
      return use(async (file) => {
        for (let done = 0; done < room.length;) {
          checkSignal(signal);
          const { bytesRead } = await file.read(room, done, Math.min(room.length - done, blockBytes), begin + done);
          if (bytesRead === 0) {
            const [expected, cure] = [`bytes up to ${end}`, 'was it cut short?'];
            throw new EmbeddingError('INPUT_INVALID', { where: path, expected, got: begin + done, cure });
          }
          done += bytesRead;
        }
        return room;
      });
    },
  };
}

/** One handle for all that use it at a time. */
function whileUsed(open: () => Promise<FileHandle>) {
  let users = 0;
  let shared: Promise<FileHandle> | undefined;
  return async <T>(run: (file: FileHandle) => Promise<T>): Promise<T> => {
    users++;
    const opened = (shared ??= open());
    try {
      return await run(await opened);
    } finally {
      if (--users === 0) {
        shared = undefined;
        await opened.then(
          (file) => file.close(),
          () => undefined,
        );
      }
    }
  };
}
