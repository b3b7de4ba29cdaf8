/**
 * Unicode normal form C. Engines take time quadratic in a run of combining marks, so a run of over 1,000, which no
 * script writes, is normalised in parts.
 */
export function nfc(text: string): string {
  if (text.length <= 1000) return text.normalize('NFC');
  return text.replace(/\P{M}*\p{M}{0,1000}/gu, (part) => part.normalize('NFC'));
}
