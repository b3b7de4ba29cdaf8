import { type Checkpoint, checkSignal, type TypedArray } from '@diptych/core';
import type { Fillings } from './fillings.ts';
import type { Piece } from './pieces.ts';

/** Pieces that are read at a time; of whole arrays fewer, which take more memory. */
const underWay = { pieces: 4, arrays: 2 } as const;

export interface ReadsOptions {
  /** Where the values go. */
  readonly fillings: Pick<Fillings, 'roomOf'>;
  readonly signal: AbortSignal | undefined;
}

interface Read {
  readonly values: TypedArray;
  /** Where they may be already. */
  readonly room: Uint8Array | undefined;
}

interface Reads {
  /** The next piece in order. Its values may change when one more is asked for. */
  next(): Promise<Read>;
  /** When none is under way any more. */
  settled(): Promise<unknown>;
}

/** Reads pieces in order, some ahead of the one that is waited for. */
export function readsOf(pieces: readonly Piece[], checkpoint: Checkpoint, { fillings, signal }: ReadsOptions): Reads {
  const spare = spareRooms(pieces, checkpoint);
  const reads: Promise<Read>[] = [];
  let started = 0;
  const start = (piece: Piece): void => {
    const room = fillings.roomOf(piece);
    const read = readPiece(piece, checkpoint, room ?? spare(started++), signal).then((values) => ({ values, room }));
    read.catch(() => undefined);
    reads.push(read);
  };
  const waiting = [...pieces].toReversed();
  const most = checkpoint.readRange ? underWay.pieces : underWay.arrays;
  return {
    async next() {
      while (reads.length < most && waiting.length > 0) start(waiting.pop()!);
      const read = await reads[0]!;
      void reads.shift();
      return read;
    },
    settled: () => Promise.allSettled(reads),
  };
}

/** Rooms for pieces that stay nowhere as they are, which the reads use by turns. */
function spareRooms(pieces: readonly Piece[], { readRange }: Pick<Checkpoint, 'readRange'>) {
  const largest = Math.max(0, ...pieces.map(({ begin, end, bytesEach }) => bytesEach * (end - begin)));
  const rooms: Uint8Array[] = [];
  return (read: number): Uint8Array | undefined => {
    return readRange && (rooms[read % underWay.pieces] ??= new Uint8Array(largest));
  };
}

async function readPiece(
  { name, begin, end }: Piece,
  checkpoint: Checkpoint,
  room: Uint8Array | undefined,
  signal?: AbortSignal,
): Promise<TypedArray> {
  checkSignal(signal);
  return checkpoint.readRange?.(name, [begin, end], room, signal) ?? (await checkpoint.read(name, signal)).data;
}
