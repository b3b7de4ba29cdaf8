import { escapeRegExp } from './added-tokens.ts';
import { byteText, gpt2Words } from './byte-level.ts';
import { codePoints } from './code-points.ts';
import { type Maker, pattern, steps } from './component.ts';
import { invalid, string } from './config-file.ts';
import { checkGrowth } from './growth.ts';
import { spaceMark } from './spiece-normalizer.ts';
import { found, splitBehaviors, splitText } from './split.ts';
import { bertPunctuation, wordCharacter } from './unicode-tables.ts';

/** A normalised text cut into what the model sees. `isFirst` where it begins the whole text. */
export type PreTokenize = (text: string, isFirst: boolean) => Iterable<string>;

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
    return function* (text) {
      const spaced = isPrefixed && !text.startsWith(' ') ? ` ${text}` : text;
      for (const [word] of found(spaced, words)) yield byteText(word);
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
  const [first, ...rest] = steps(makers, 'pretokenizers', value, where);
  return function* (text, isFirst) {
    let [isFirstPart, grown] = [isFirst, 0];
    // Parts are cut when they are asked for: most of a long text never is.
    for (const part of first?.(text, isFirst) ?? [text]) {
      let pieces = [part];
      for (const step of rest) {
        pieces = pieces.flatMap((piece, i) => [...step(piece, isFirstPart && i === 0)]);
        checkGrowth(lengthOf(pieces), part.length, where);
      }
      checkGrowth((grown += lengthOf(pieces)), text.length, where);
      yield* pieces;
      isFirstPart = false;
    }
  };
}

function lengthOf(pieces: readonly string[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function matches(piece: RegExp): PreTokenize {
  return function* (text) {
    for (const [match] of found(text, piece)) yield match;
  };
}
