/**
 * The printable character that stands for each of the 256 byte values in a byte-level vocabulary (GPT-2, CLIP): itself
 * where it prints, else the next free character from U+0100.
 */
export const byteSymbols: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const spare = 0x100 + (isPrintable(byte) ? 0 : unprintableBelow(byte));
  return String.fromCharCode(isPrintable(byte) ? byte : spare);
});

/** Byte values in the order in which vocabularies list them: the printable ones first. */
export const byteOrder: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte).toSorted(
  (a, b) => byteSymbols[a]!.charCodeAt(0) - byteSymbols[b]!.charCodeAt(0),
);

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

function unprintableBelow(byte: number): number {
  let count = 0;
  for (let b = 0; b < byte; b++) if (!isPrintable(b)) count++;
  return count;
}
