import { checkSignal, expectMembers } from '@diptych/core';
import type { ByteSource } from './byte-source.ts';

export interface BlockOptions {
  /** Bytes of one read of the source. Default 8 MiB. */
  readonly blockBytes?: number;
  /** Blocks that are kept. Default 8: together more than a layer of the common models, whose arrays are read by turns. */
  readonly kept?: number;
}

/** Reads by whole blocks and keeps the last of them: a model of 400 arrays in 600 MB takes some 80 requests. */
export function blockSource(source: ByteSource, options: BlockOptions = {}): ByteSource {
  expectMembers(source, 'blockSource: source', 'size', 'read');
  const { blockBytes = 1 << 23, kept = 8 } = expectMembers(options, 'blockSource: options');
  const { name, size } = source;
  /** By index; the one used last is the last. */
  const blocks = new Map<number, Promise<Uint8Array>>();
  const keep = (index: number, block: Promise<Uint8Array>): Promise<Uint8Array> => {
    blocks.delete(index);
    blocks.set(index, block);
    for (const oldest of blocks.keys()) {
      if (blocks.size <= kept) break;
      blocks.delete(oldest);
    }
    return block;
  };
  const fetchBlock = async (index: number, signal?: AbortSignal): Promise<Uint8Array> => {
    const begin = index * blockBytes;
    const block = source.read(begin, Math.min(begin + blockBytes, size), signal);
    try {
      return await keep(index, block);
    } catch (error) {
      if (blocks.get(index) === block) blocks.delete(index);
      throw error;
    }
  };
  const read = async (index: number, signal?: AbortSignal): Promise<Uint8Array> => {
    const block = blocks.get(index);
    if (!block) return fetchBlock(index, signal);
    // Whoever asked for it first may have given up, which is no reason to fail here.
    return keep(index, block).catch(async () => {
      checkSignal(signal);
      return fetchBlock(index, signal);
    });
  };
  return {
    name,
    size,
    async read(begin, end, signal) {
      checkSignal(signal);
      if (begin === end) return new Uint8Array(0);
      const first = Math.floor(begin / blockBytes);
      const last = Math.max(first, Math.ceil(end / blockBytes) - 1);
      if (first === last)
        return (await read(first, signal)).subarray(begin - first * blockBytes, end - first * blockBytes);
      const out = new Uint8Array(end - begin);
      const parts = Array.from({ length: last - first + 1 }, async (_, i) => {
        const from = (first + i) * blockBytes;
        const block = await read(first + i, signal);
        out.set(block.subarray(Math.max(0, begin - from), end - from), Math.max(0, from - begin));
      });
      await Promise.all(parts);
      return out;
    },
  };
}
