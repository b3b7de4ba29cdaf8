import { EmbeddingError } from '@diptych/core';

/** One field of a message: a varint or fixed-width value as `number`, or bytes. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * Fields of a Protocol Buffers message, in order. 32-bit values arrive as float32; 64-bit ones are skipped.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` where the bytes are no such message.
 */
export function* protobufFields(bytes: Uint8Array, where: string): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < bytes.length && scale < 2 ** 70; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return broken(where, at);
  };
  const skip = (length: number): number => {
    if (length > bytes.length - at) broken(where, at);
    at += length;
    return at - length;
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === 0) yield { number, value: varint() };
    else if (wireType === 1) skip(8);
    else if (wireType === 2) {
      const length = varint();
      const from = skip(length);
      yield { number, value: bytes.subarray(from, from + length) };
    } else if (wireType === 5) yield { number, value: view.getFloat32(skip(4), true) };
    else broken(where, at);
  }
}

function broken(where: string, at: number): never {
  throw new EmbeddingError('CONFIG_INVALID', {
    where,
    expected: 'a protobuf message',
    got: `something else at byte ${at}`,
  });
}
