import type { Steps } from '@diptych/core';
import { replaceGraphemes } from './apply-charsmap.ts';
import { bertNormalizer } from './bert-normalizer.ts';
import { byteText } from './byte-level.ts';
import { charsmap } from './charsmap.ts';
import { type Maker, pattern, steps } from './component.ts';
import { invalid, string } from './config-file.ts';
import { checkGrowth } from './growth.ts';
import { inChunks, isLong, type Made, stepsOf } from './in-chunks.ts';
import { lowerEach } from './lower-each.ts';
import { codePoints } from './code-points.ts';
import { normalForm } from './normal-form.ts';
import { accent } from './unicode-tables.ts';
import { trimSpaces } from './white-space.ts';

export type Normalize = (text: string) => Made;

const makers: Readonly<Record<string, Maker<Normalize>>> = {
  NFC: () => inChunks(normalForm('NFC')),
  NFD: () => inChunks(normalForm('NFD')),
  NFKC: () => inChunks(normalForm('NFKC')),
  NFKD: () => inChunks(normalForm('NFKD')),
  Lowercase: () => lowerEach,
  StripAccents: () => {
    const marks = new RegExp(`[${codePoints(accent)}]+`, 'gu');
    return (text) => text.replace(marks, '');
  },
  Strip: ({ strip_left: left, strip_right: right }) => {
    return (text) => trimSpaces(text, { start: left !== false, end: right !== false });
  },
  Replace: ({ pattern: from, content }, where) => {
    const [found, replacement] = [pattern(from, `${where}.pattern`), short(content, `${where}.content`)];
    return (text) => text.replace(found, () => replacement);
  },
  Prepend: ({ prepend }, where) => {
    const prefix = short(prepend, `${where}.prepend`);
    return (text) => (text === '' ? '' : prefix + text);
  },
  Precompiled: ({ precompiled_charsmap: table }, where) => {
    const map = charsmap(base64(table, where), where);
    return (text) => replaceGraphemes(text, map);
  },
  BertNormalizer: (config) => inChunks(bertNormalizer(config)),
  ByteLevel: () => byteText,
};

/**
 * What a `normalizer` of `tokenizer.json` does to a text; nothing for `null`.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a type that is none of these, `CONFIG_INVALID` for a malformed one; from the
 *   function, `UNSUPPORTED` where a text would become over 64 times as long.
 */
export function normalizer(value: unknown, where: string): (text: string) => Steps<string> {
  const all = steps(makers, 'normalizers', value, where);
  return function* (text) {
    let current = text;
    for (const step of all) {
      current = yield* stepsOf(step(current));
      checkGrowth(current.length, text.length, where);
      if (isLong(current)) yield;
    }
    return current;
  };
}

/** What is put into a text: at most 256 characters. */
function short(value: unknown, where: string): string {
  const text = string(value, where);
  return text.length <= 256 ? text : invalid(where, 'at most 256 characters', text);
}

function base64(value: unknown, where: string): Uint8Array {
  if (value === null) return new Uint8Array();
  try {
    return Uint8Array.from(atob(string(value, where)), (char) => char.charCodeAt(0));
  } catch {
    return invalid(where, 'base64', value);
  }
}
