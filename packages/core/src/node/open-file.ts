import type { Stats } from 'node:fs';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { checkSignal, checkSize, expectText } from '../arguments.ts';
import { EmbeddingError } from '../error.ts';
import type { JsonKind } from '../judge-json.ts';

/** A file that is open, for whoever has it to close. */
export interface OpenedFile {
  readonly file: FileHandle;
  /** In bytes. */
  readonly size: number;
}

/** A pipe that nobody writes to would wait for a writer, and no signal ends that. Windows has no such flag. */
const waitless = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

/**
 * A file as disks have them, which ends: no folder, no device, no pipe or socket, which may never end or never begin.
 * Links are followed.
 *
 * @param flags As in `open(2)`. Default read only.
 * @throws {EmbeddingError} `NOT_FOUND` for what is there and is no file; what `open` refuses is Node's own error.
 */
export async function openFile(path: string, flags: number = constants.O_RDONLY): Promise<OpenedFile> {
  expectText(path, 'openFile');
  const file = await open(path, flags | waitless);
  try {
    const found = await file.stat();
    if (!found.isFile())
      throw new EmbeddingError('NOT_FOUND', { where: path, expected: 'a file', got: `a ${kindOf(found)}` });
    return { file, size: found.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * All bytes of a file.
 *
 * @param limit None by default.
 * @throws {EmbeddingError} with the code of the limit where it is larger, before a byte is read.
 */
export async function readFileBytes(
  path: string,
  limit?: Pick<JsonKind, 'code' | 'maxBytes'>,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { file, size } = await openFile(path);
  try {
    if (limit) checkSize(size, path, limit);
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      checkSignal(signal);
      const { bytesRead } = await file.read(bytes, done, Math.min(size - done, blockBytes), done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await file.close();
  }
}

/** Most bytes of one system call: Node aborts the process above 2 GiB, and a signal is heard between two. */
const blockBytes = 1 << 26;

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}
