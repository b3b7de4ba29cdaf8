import { checkSize, type JsonKind, parseJson } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { invalid } from './invalid.ts';
import { readExactly } from './read-exactly.ts';

/** A header or an index, by the limit of the reference reader for headers; 100,000 tensors are 1,200,000 values. */
const headerJson: JsonKind = { code: 'CHECKPOINT_INVALID', maxBytes: 100_000_000, maxValues: 2 ** 21 };

/** A file's JSON. Refuses an object with the same key twice. */
export async function readJsonFile(source: ByteSource, signal?: AbortSignal): Promise<unknown> {
  checkSize(source.size, source.name, headerJson);
  return strictJson(await readExactly(source, [0, source.size], signal), source.name);
}

/**
 * `parseJson` that also refuses an object with the same key twice, of which it would keep the last.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID`, naming the key.
 */
export function strictJson(bytes: Uint8Array, where: string): unknown {
  const value = parseJson(bytes, where, headerJson);
  const open: (Set<string> | undefined)[] = [];
  // The bytes are known to be JSON, so outside strings a brace is structure, and a string before a colon is a key.
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 0x7b) open.push(new Set());
    else if (byte === 0x5b) open.push(undefined);
    else if (byte === 0x7d || byte === 0x5d) open.pop();
    else if (byte === quotes) {
      const end = stringEnd(bytes, i);
      // It was judged with the whole.
      if (isKey(bytes, end)) addKey(open.at(-1), JSON.parse(utf8.decode(bytes.subarray(i, end))) as string, where);
      i = end - 1;
    }
  }
  return value;
}

const utf8 = new TextDecoder();
const quotes = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const space = 0x20;

/** Index after the closing quote of the string that opens at `begin`. */
function stringEnd(bytes: Uint8Array, begin: number): number {
  let i = begin + 1;
  while (bytes[i] !== quotes) i += bytes[i] === backslash ? 2 : 1;
  return i + 1;
}

/** Of what may follow a string in JSON, only white space is not above a space. */
function isKey(bytes: Uint8Array, end: number): boolean {
  let i = end;
  while (i < bytes.length && bytes[i]! <= space) i++;
  return bytes[i] === colon;
}

function addKey(keys: Set<string> | undefined, key: string, where: string): void {
  if (keys?.has(key)) throw invalid(where, 'JSON without duplicate keys', `duplicate key '${key}'`);
  keys?.add(key);
}
