import type { DataFile } from './data-file.ts';

/**
 * Reads whole blocks and keeps the last of them, for many small reads in the order of the file.
 *
 * @param blockBytes A read that spans blocks goes to the file itself.
 */
export function blockFile(file: DataFile, blockBytes: number, kept = 1): DataFile {
  const { name, size } = file;
  /** By index; the one used last is the last. */
  const blocks = new Map<number, Uint8Array>();
  const block = async (index: number, signal?: AbortSignal): Promise<Uint8Array> => {
    const begin = index * blockBytes;
    const bytes = blocks.get(index) ?? (await file.read(begin, Math.min(begin + blockBytes, size), signal));
    blocks.delete(index);
    blocks.set(index, bytes);
    if (blocks.size > kept) blocks.delete([...blocks.keys()][0]!);
    return bytes;
  };
  return {
    name,
    size,
    async read(begin, end, signal) {
      const index = Math.floor(begin / blockBytes);
      const start = index * blockBytes;
      if (begin === end || end > start + blockBytes) return file.read(begin, end, signal);
      return (await block(index, signal)).slice(begin - start, end - start);
    },
  };
}
