import { codePoints } from './code-points.ts';
import type { Json } from './config-file.ts';
import { lowerEach } from './lower-each.ts';
import { normalForm } from './normal-form.ts';
import { bertControl, bertMark } from './unicode-tables.ts';

const han =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/**
 * BERT's cleaning: no control characters, white space to spaces, spaces around Chinese characters, accents off, lower
 * case. Each step is a flag; `strip_accents` is as `lowercase` where it is absent.
 */
export function bertNormalizer(config: Json): (text: string) => string {
  const { clean_text: clean, handle_chinese_chars: chinese, lowercase, strip_accents: strip } = config;
  const steps: ((text: string) => string)[] = [];
  if (clean !== false) steps.push(textCleaner());
  if (chinese !== false) steps.push((text) => text.replace(han, ' $& '));
  if (strip ?? lowercase !== false) steps.push(accentStripper());
  if (lowercase !== false) steps.push(lowerEach);
  return (text) => steps.reduce((current, step) => step(current), text);
}

function textCleaner(): (text: string) => string {
  const control = new RegExp(`[${codePoints(bertControl)}]+`, 'gu');
  return (text) => text.replace(control, '').replace(/\p{White_Space}/gu, ' ');
}

function accentStripper(): (text: string) => string {
  const [decompose, marks] = [normalForm('NFD'), new RegExp(`[${codePoints(bertMark)}]+`, 'gu')];
  return (text) => decompose(text).replace(marks, '');
}
