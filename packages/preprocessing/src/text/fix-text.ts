import { repairMojibake } from './mojibake.ts';
import { nfc } from './normal-form.ts';
import { unescapeHtml } from './unescape-html.ts';
import { windows1252 } from './windows-1252.ts';

/** What ftfy 6.3 does by default, in its order. */
const steps: readonly ((text: string) => string)[] = [
  repairMojibake,
  (text) => text.replace(/[\u0080-\u009f]/g, (char) => windows1252(char.charCodeAt(0))),
  (text) => text.replace(/[Ĳĳŉ\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]/g, (char) => ligatures[char] ?? nfkc(char)),
  (text) => text.replace(/[\u3000\uff01-\uffef]/g, nfkc),
  (text) => text.replace(/[ʼ\u2018-\u201b]/g, "'").replace(/[\u201c-\u201f]/g, '"'),
  (text) => text.replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n'),
  (text) => text.replace(/[\ud800-\udfff]/gu, '\ufffd'),
  // oxlint-disable-next-line no-control-regex
  (text) => text.replace(/\u001b\[[\d;]*[A-Za-z]/g, ''),
  // oxlint-disable-next-line no-control-regex
  (text) => text.replace(/[\0-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]/g, ''),
  nfc,
];

/** Where the letters of a ligature are not those of NFKC: that would also take the long s. */
const ligatures: Readonly<Record<string, string>> = { ﬅ: 'ſt' };

function nfkc(char: string): string {
  return char.normalize('NFKC');
}

/**
 * Text as its writer meant it: the part of ftfy's `fix_text` that captions need. Each line by itself, until nothing changes: HTML entities,
 * UTF-8 misread as windows-1252 or Latin-1, C1 controls, Latin ligatures, full-width and half-width forms, curly quotes,
 * line breaks, lone surrogates, terminal escapes, control characters, NFC.
 *
 * Not repaired, unlike ftfy: most UTF-8 misread in another code page (windows-1250, -1251, -1253, -1254, -1257,
 * ISO 8859-2, MacRoman, 437; of it only two bytes that no honest text has), no-break spaces that became spaces inside a sequence, sequences with lost bytes, entity
 * names in capitals that HTML does not know. Which doubtful sequences are mojibake is decided by fewer rules.
 */
export function fixText(text: string): string {
  let isHtml = false;
  const lines = text.split(/(?<=\n)/).map((line) => {
    // From a `<` on a text may be HTML, whose entities are meant.
    isHtml ||= line.includes('<');
    return fixLine(line, isHtml ? steps : [unescapeEntities, ...steps]);
  });
  return lines.join('');
}

function fixLine(line: string, all: readonly ((text: string) => string)[]): string {
  let fixed = line;
  for (let before; before !== fixed;) {
    before = fixed;
    fixed = all.reduce((current, step) => step(current), fixed);
  }
  return fixed;
}

/** Entities, and what they make another entity of, in one pass: `&amp;amp;lt;` may be as deep as a text is long. */
function unescapeEntities(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', Math.max(from, at + 1))) {
    const { made, end } = entityAt(text, at);
    if (end === at) continue;
    parts.push(text.slice(from, at), made);
    from = end;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}

const entity = /^&#?[0-9A-Za-z]{1,24};/;

/** What stands at a place when no entity begins there any more, and where it ends; that place itself for no entity. */
function entityAt(text: string, at: number): { made: string; end: number } {
  let [made, end] = ['', at];
  for (;;) {
    const found = entity.exec(made + text.slice(end, end + 27))?.[0];
    const next = found === undefined ? undefined : unescapeHtml(found);
    if (found === undefined || next === found) return { made, end };
    end += found.length - made.length;
    made = next!;
  }
}
