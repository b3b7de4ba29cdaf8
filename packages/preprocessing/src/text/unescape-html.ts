import { decodeHTML } from 'entities/decode';
import { windows1252 } from './windows-1252.ts';

const reference = /&(?:#([0-9]+|[xX][0-9a-fA-F]+);?|[^\t\n\f <&#;]{1,32};?)/g;

/** HTML entities once, as Python's `html.unescape` does: named ones also without `;` where HTML5 knows them so. */
export function unescapeHtml(text: string): string {
  return text.replace(reference, (match, digits: string | undefined) => {
    return digits === undefined ? decodeHTML(match) : character(Number(digits.replace(/^[xX]/, '0x')));
  });
}

/** A numeric reference: what HTML5 forbids gives nothing, what it cannot mean U+FFFD. */
function character(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  if (code >= 0x80 && code <= 0x9f) return windows1252(code);
  return isForbidden(code) ? '' : String.fromCodePoint(code);
}

function isForbidden(code: number): boolean {
  const isControl = code < 0x20 ? ![0x09, 0x0a, 0x0c, 0x0d].includes(code) : code === 0x7f;
  return isControl || (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
}
