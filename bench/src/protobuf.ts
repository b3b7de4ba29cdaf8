/** One field of a protobuf message, ready to be written. */
export type Field = Uint8Array;

/** Length-delimited: bytes, strings and messages. */
export function bytes(field: number, value: Uint8Array | string): Field {
  const data = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return concat([varint(field * 8 + 2), varint(data.length), data]);
}

export function message(field: number, ...fields: readonly Field[]): Field {
  return bytes(field, concat(fields));
}

/** A non-negative whole number. */
export function integer(field: number, value: number): Field {
  return concat([varint(field * 8), varint(value)]);
}

export function float(field: number, value: number): Field {
  return concat([varint(field * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...out, rest]);
    out.push((rest % 128) + 128);
  }
}
