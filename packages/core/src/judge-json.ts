import { EmbeddingError, type ErrorCode } from './error.ts';

/** What a kind of JSON file may hold, well above honest ones of its kind, and what else is called. */
export interface JsonKind {
  readonly code: ErrorCode;
  readonly maxBytes: number;
  /** Objects, lists, keys and items, which cost some hundred bytes each. */
  readonly maxValues: number;
  /** Strings of more than 4,096 bytes. Default 64; as keys, engines compare them all with each other. */
  readonly maxLong?: number;
}

/** Far above any format read here, and far below any stack. */
const maxDepth = 64;
const longString = 4096;

const quotes = 0x22;
const backslash = 0x5c;

/**
 * Refuses a JSON text that would cost more than its kind may: one look at each byte, nothing is made. What is no JSON passes.
 *
 * @throws {EmbeddingError} with the code of its kind, and the byte.
 */
export function judgeJson(bytes: Uint8Array, where: string, { code, maxValues, maxLong = 64 }: JsonKind): void {
  const refuse = (expected: string, at: number) =>
    new EmbeddingError(code, { where, expected: `JSON with ${expected}`, got: `more at byte ${at}` });
  let [depth, values, long, length] = [0, 0, 0, 0];
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case quotes: {
        const end = stringEnd(bytes, i + 1);
        length = end - i - 1;
        i = end;
        if (length > longString && ++long > maxLong)
          throw refuse(`at most ${maxLong} strings over ${longString} bytes`, i);
        break;
      }
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) throw refuse(`at most ${maxDepth} levels`, i);
        if (++values > maxValues) throw refuse(`at most ${maxValues} values`, i);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x3a: // :
        if (length > longString) throw refuse(`keys of at most ${longString} bytes`, i);
        if (++values > maxValues) throw refuse(`at most ${maxValues} values`, i);
        break;
      case 0x2c: // ,
        if (++values > maxValues) throw refuse(`at most ${maxValues} values`, i);
        break;
      default:
    }
  }
}

/** Where the quotes are that end a string, or the end of the text. */
function stringEnd(bytes: Uint8Array, begin: number): number {
  let i = begin;
  while (i < bytes.length && bytes[i] !== quotes) i += bytes[i] === backslash ? 2 : 1;
  return i;
}
