import { codePoints } from './code-points.ts';
import { late } from './unicode-tables.ts';

type Form = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** A Unicode normal form as the tokenizers library has it: what is newer than its tables neither changes nor moves. */
export function normalForm(form: Form): (text: string) => string {
  return (text) => (isPlain.test(text) ? text : text.replace(known(), (part) => inParts(part, form)));
}

/** Unicode normal form C, as new as the engine. */
export function nfc(text: string): string {
  return inParts(text, 'NFC');
}

// oxlint-disable-next-line no-control-regex
const isPlain = /^[\0-\x7f]*$/;

let pattern: RegExp | undefined;

function known(): RegExp {
  return (pattern ??= new RegExp(`[^${codePoints(late)}]+`, 'gu'));
}

/**
 * Engines take time quadratic in a run of combining marks, so a run of over 1,000, which no script writes, is normalised
 * in parts.
 */
function inParts(text: string, form: Form): string {
  if (text.length <= 1000) return text.normalize(form);
  return text.replace(/\P{M}*\p{M}{0,1000}/gu, (part) => part.normalize(form));
}
