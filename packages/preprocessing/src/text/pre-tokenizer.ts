import { escapeRegExp } from './added-tokens.ts';
import { byteText, gpt2Words } from './byte-level.ts';
import { codePoints } from './code-points.ts';
import { type Maker, pattern, steps } from './component.ts';
import { invalid, string } from './config-file.ts';
import { checkGrowth } from './growth.ts';
import { spaceMark } from './spiece-normalizer.ts';
import { splitBehaviors, splitText } from './split.ts';
import { bertPunctuation, wordCharacter } from './unicode-tables.ts';

/** A normalised text cut into what the model sees. `isFirst` where it begins the whole text. */
export type PreTokenize = (text: string, isFirst: boolean) => readonly string[];

const makers: Readonly<Record<string, Maker<PreTokenize>>> = {
  BertPreTokenizer: () => {
    const punctuation = codePoints(bertPunctuation);
    return matches(new RegExp(`[${punctuation}]|[^${punctuation}\\p{White_Space}]+`, 'gu'));
  },
  Whitespace: () => {
    const word = codePoints(wordCharacter);
    return matches(new RegExp(`[${word}]+|[^${word}\\p{White_Space}]+`, 'gu'));
  },
  WhitespaceSplit: () => matches(/\P{White_Space}+/gu),
  Metaspace: (config, where) => {
    const mark = string(config['replacement'] ?? spaceMark, `${where}.replacement`);
    if (Array.from(mark).length !== 1) invalid(`${where}.replacement`, 'one character', mark);
    const scheme = config['prepend_scheme'] ?? (config['add_prefix_space'] === false ? 'never' : 'always');
    return (text, isFirst) => {
      const marked = text.replaceAll(' ', mark);
      const isPrefixed = (scheme === 'always' || (scheme === 'first' && isFirst)) && !marked.startsWith(mark);
      const whole = isPrefixed ? mark + marked : marked;
      return config['split'] === false
        ? [whole]
        : splitText(whole, new RegExp(escapeRegExp(mark), 'gu'), 'MergedWithNext');
    };
  },
  ByteLevel: (config) => {
    const words = config['use_regex'] === false ? /[^]+/gu : gpt2Words();
    const isPrefixed = config['add_prefix_space'] !== false;
    return (text) => {
      const spaced = isPrefixed && !text.startsWith(' ') ? ` ${text}` : text;
      return Array.from(spaced.matchAll(words), ([word]) => byteText(word));
    };
  },
  Split: (config, where) => {
    const separator = pattern(config['pattern'], `${where}.pattern`);
    const behavior = splitBehaviors.find((name) => name === config['behavior']);
    if (!behavior) invalid(`${where}.behavior`, splitBehaviors.join(', '), config['behavior']);
    return (text) => splitText(text, separator, behavior, config['invert'] === true);
  },
};

/**
 * What a `pre_tokenizer` of `tokenizer.json` does; `null` leaves a text whole.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a type that is none of these, `CONFIG_INVALID` for a malformed one; from the
 *   function, `UNSUPPORTED` where a text would become over 64 times as long.
 */
export function preTokenizer(value: unknown, where: string): PreTokenize {
  const all = steps(makers, 'pretokenizers', value, where);
  return (text, isFirst) => {
    let parts: readonly string[] = [text];
    for (const step of all) {
      parts = parts.flatMap((part, i) => step(part, isFirst && i === 0));
      checkGrowth(
        parts.reduce((sum, part) => sum + part.length, 0),
        text.length,
        where,
      );
    }
    return parts;
  };
}

function matches(piece: RegExp): PreTokenize {
  return (text) => text.match(piece) ?? [];
}
