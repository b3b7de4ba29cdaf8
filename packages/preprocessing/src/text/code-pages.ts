/** Code pages that text is misread in, as ftfy tries them; the platform knows all but the last. */
const names = [
  'windows-1252',
  'windows-1251',
  'windows-1250',
  'windows-1253',
  'windows-1254',
  'windows-1257',
  'iso-8859-2',
  'macintosh',
] as const;

/** IBM's code page 437 from byte 0x80 on. */
const cp437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const bytes = Uint8Array.from({ length: 128 }, (_, i) => 0x80 + i);
const utf8 = new TextDecoder('utf-8', { fatal: true });

let pages: readonly ReadonlyMap<string, number>[] | undefined;

/** The text whose UTF-8, read in the first code page that has all of its characters, is `misread`. */
export function reread(misread: string): string | undefined {
  pages ??= [...names.map(decoded), Array.from(cp437)].map((page) => new Map(page.map((char, i) => [char, 0x80 + i])));
  for (const page of pages) {
    const found = Array.from(misread, (char) => page.get(char));
    if (found.includes(undefined)) continue;
    try {
      return utf8.decode(Uint8Array.from(found as number[]));
    } catch {
      continue;
    }
  }
  return undefined;
}

/** A byte that a page leaves free stands for itself. */
function decoded(name: string): string[] {
  const text = Array.from(new TextDecoder(name).decode(bytes));
  return text.map((char, i) => (char === '\ufffd' ? String.fromCharCode(0x80 + i) : char));
}
