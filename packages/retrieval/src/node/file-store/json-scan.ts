import { isText } from '../../metadata.ts';

const [quote, comma, backslash, minus, zero] = [0x22, 0x2c, 0x5c, 0x2d, 0x30];
const [closeList, closeObject] = [0x5d, 0x7d];
/** Of more digits, not every integer is a float64. */
const mostDigits = 15;
const otherwise = new Error('written otherwise');

/** Reads JSON in UTF-8 whose form is known, without an object for each part of it. */
export class JsonScan {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** What a call makes of the text; `undefined` when that is not of the form. */
  static read<T>(bytes: Buffer, call: (scan: JsonScan) => T): T | undefined {
    const scan = new JsonScan(bytes);
    try {
      const found = call(scan);
      return scan.at === bytes.length ? found : undefined;
    } catch (error) {
      if (error === otherwise) return undefined;
      throw error;
    }
  }

  fail(): never {
    throw otherwise;
  }

  /** Goes on behind a text that is there. */
  takes(text: Uint8Array): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[this.at + i] !== text[i]) return false;
    this.at += text.length;
    return true;
  }

  /** What follows an opening bracket, up to behind `close`: at least one item. @returns How many. */
  items(item: (i: number) => void, close: number = closeList): number {
    for (let i = 0; ; i++) {
      item(i);
      const next = this.bytes[this.at++];
      if (next === close) return i + 1;
      if (next !== comma) this.fail();
    }
  }

  members(member: () => void): void {
    if (this.bytes[this.at] === closeObject) this.at++;
    else this.items(member, closeObject);
  }

  /** Where a string that has no escapes and is not empty begins; it ends before the quote in front of `at`. */
  plain(): number {
    if (this.bytes[this.at] !== quote) this.fail();
    const start = ++this.at;
    for (let byte = this.bytes[start]!; byte !== quote; byte = this.bytes[++this.at]!) {
      if (!(byte >= 32) || byte === backslash) this.fail();
    }
    if (this.at++ === start) this.fail();
    return start;
  }

  text(): string {
    const start = this.at;
    if (this.bytes[start] !== quote) this.fail();
    for (let byte = this.bytes[++this.at]!; byte !== quote; byte = this.bytes[++this.at]!) {
      if (!(byte >= 32)) this.fail();
      if (byte === backslash) this.at++;
    }
    const value: unknown = this.#parsed(start, ++this.at);
    return typeof value === 'string' && isText(value) ? value : this.fail();
  }

  number(): number {
    const start = this.at;
    const isNegative = this.bytes[start] === minus;
    let [at, value] = [isNegative ? start + 1 : start, 0];
    const first = at;
    for (let digit = this.#digitAt(at); digit >= 0; digit = this.#digitAt(++at)) value = 10 * value + digit;
    const isWhole = this.#ends(at) && at > first && at - first <= mostDigits && this.bytes[first] !== zero;
    this.at = at;
    if (isWhole) return isNegative ? -value : value;
    while (!this.#ends(this.at)) this.at++;
    const other: unknown = this.#parsed(start, this.at);
    return typeof other === 'number' && Number.isFinite(other) ? other : this.fail();
  }

  #digitAt(at: number): number {
    const digit = this.bytes[at]! - zero;
    return digit <= 9 ? digit : -1;
  }

  /** Whether a number does. */
  #ends(at: number): boolean {
    const byte = this.bytes[at];
    return byte === comma || byte === closeList || byte === closeObject || byte === undefined;
  }

  #parsed(start: number, end: number): unknown {
    try {
      return JSON.parse(this.bytes.toString('utf8', start, end));
    } catch {
      return this.fail();
    }
  }
}
