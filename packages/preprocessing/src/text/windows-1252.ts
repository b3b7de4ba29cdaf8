/** What windows-1252 has at bytes 0x80 to 0x9f; a byte it leaves free stands for itself, as in browsers. */
const high = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** A byte value read as windows-1252. */
export function windows1252(byte: number): string {
  return high[byte - 0x80] ?? String.fromCharCode(byte);
}

/** The byte that windows-1252 or else Latin-1 reads as `char`; `undefined` when neither does. */
export function byteOf(char: string): number | undefined {
  const at = high.indexOf(char);
  if (at >= 0) return 0x80 + at;
  const code = char.charCodeAt(0);
  return char.length === 1 && code < 0x100 ? code : undefined;
}
