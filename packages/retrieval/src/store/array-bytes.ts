type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array;

/** The bytes that an array lies in. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** An array of its own with numbers that lie in bytes, wherever these begin. */
export function numbersOf<T extends Numbers>(Type: new (buffer: ArrayBuffer) => T, bytes: Uint8Array): T {
  return new Type(new Uint8Array(bytes).buffer);
}
