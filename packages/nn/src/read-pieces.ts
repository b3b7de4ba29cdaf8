import type { Checkpoint, TypedArray, WeightType } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import type { Fillings } from './fillings.ts';
import type { Placement } from './name-table.ts';
import { isPacked } from './spec.ts';

/** Values `begin` to `end` of one stored array of a parameter, whose own values they are from number `at` on. */
export interface Piece {
  readonly placement: Placement;
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  readonly at: number;
  /** Number of the parameter's values in the file. */
  readonly size: number;
  /** Whether the parameter is whole then. */
  readonly last: boolean;
  /** What a value takes; a file in double precision has more. */
  readonly bytesEach: number;
}

/** Bytes of one read, which stay in a processor's cache until they are packed. */
const pieceBytes = 1 << 20;
/** Reads under way beside the one that is waited for. */
const ahead = 3;

/** The arrays of a parameter in the order in which they are joined; whole where the checkpoint has no parts of them. */
export function piecesOf(placement: Placement, checkpoint: Checkpoint, packed: WeightType | undefined): Piece[] {
  const { param, from } = placement;
  const bytesEach = packed && isPacked(param, packed) ? 1 : 4;
  // Tables are rounded by whole rows.
  const unit = param.lookup && bytesEach > 1 ? Math.max(1, param.shape.at(-1)!) : 1;
  const most = checkpoint.readRange ? Math.max(1, Math.floor(pieceBytes / bytesEach / unit)) * unit : Infinity;
  const sizes = from.map((name) => util.sizeFromShape([...checkpoint.shape(name)]));
  const size = sizes.reduce((a, b) => a + b, 0);
  const pieces: Piece[] = [];
  let start = 0;
  for (const [i, name] of from.entries()) {
    for (let begin = 0; begin === 0 || begin < sizes[i]!; begin += most) {
      const end = Math.min(begin + most, sizes[i]!);
      pieces.push({
        placement,
        size,
        name,
        begin,
        end,
        at: start + begin,
        bytesEach,
        last: i === from.length - 1 && end === sizes[i],
      });
    }
    start += sizes[i]!;
  }
  return pieces;
}

export interface ReadsOptions {
  /** Where the values go. */
  readonly fillings: Pick<Fillings, 'mayRead' | 'roomOf'>;
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
  return {
    async next() {
      while (reads.length <= ahead && waiting.length > 0 && fillings.mayRead(waiting.at(-1)!)) start(waiting.pop()!);
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
    return readRange && (rooms[read % (ahead + 1)] ??= new Uint8Array(largest));
  };
}

async function readPiece(
  { name, begin, end }: Piece,
  checkpoint: Checkpoint,
  room: Uint8Array | undefined,
  signal?: AbortSignal,
): Promise<TypedArray> {
  signal?.throwIfAborted();
  return checkpoint.readRange?.(name, [begin, end], room, signal) ?? (await checkpoint.read(name, signal)).data;
}
