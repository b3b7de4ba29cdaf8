import { checkSize, expectList } from './arguments.ts';
import { EmbeddingError } from './error.ts';
import { type JsonKind, judgeJson } from './judge-json.ts';

/** A JSON object, as far as it is known before its fields are checked. */
export type Json = Readonly<Record<string, unknown>>;

/** A JSON object, which a list and `null` are not. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Configurations; of an honest one, with the names of 21,841 classes, a sixteenth. */
export const configJson: JsonKind = { code: 'CONFIG_INVALID', maxBytes: 2 ** 24, maxValues: 2 ** 20 };

/**
 * What a JSON text holds. Its size, its levels (64 at most), how many values there are and how long its keys are is judged
 * before anything is made of it.
 *
 * @param input UTF-8, or a text.
 * @param where What errors call it.
 * @throws {EmbeddingError} with the code of its kind, and the place.
 */
export function parseJson(input: Uint8Array | string, where: string, kind: JsonKind = configJson): unknown {
  if (typeof input !== 'string') expectList(input, where);
  // No text has fewer bytes than code units.
  checkSize(input.length, where, kind);
  judge(input, where, kind);
  try {
    return JSON.parse(typeof input === 'string' ? input : new TextDecoder('utf-8', { fatal: true }).decode(input));
  } catch (cause) {
    const reason = String(cause instanceof Error ? cause.message : cause).slice(0, 200);
    throw new EmbeddingError(kind.code, { where, expected: 'JSON', got: `'${start(input)}': ${reason}` }, { cause });
  }
}

/** By itself, so that the bytes of a long text are gone before it is parsed. */
function judge(input: Uint8Array | string, where: string, kind: JsonKind): void {
  judgeJson(typeof input === 'string' ? new TextEncoder().encode(input) : input, where, kind);
}

/** The JSON object that a text holds; otherwise as `parseJson`. */
export function parseJsonObject(input: Uint8Array | string, where: string, kind: JsonKind = configJson): Json {
  const value = parseJson(input, where, kind);
  if (isObject(value)) return value;
  throw new EmbeddingError(kind.code, { where, expected: 'a JSON object', got: `'${start(input)}'` });
}

/** How a text begins, for a message. */
function start(input: Uint8Array | string): string {
  return typeof input === 'string' ? input.slice(0, 40) : new TextDecoder().decode(input.subarray(0, 40));
}
