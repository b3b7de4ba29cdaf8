import { escapeRegExp } from './added-tokens.ts';
import { byteText, gpt2Words } from './byte-level.ts';
import { codePoints } from './code-points.ts';
import { component, type Maker, pattern } from './component.ts';
import { invalid, jsonArray, string } from './config-file.ts';
import { spaceMark } from './spiece-normalizer.ts';
import { splitBehaviors, splitText } from './split.ts';
import { bertPunctuation, wordCharacter } from './unicode-tables.ts';

/** A normalised text cut into what the model sees. `isFirst` where it begins the whole text. */
export type PreTokenize = (text: string, isFirst: boolean) => readonly string[];

const makers: Readonly<Record<string, Maker<PreTokenize>>> = {
  Sequence: ({ pretokenizers }, where) => {
    const steps = jsonArray(pretokenizers, where).map((step, i) => preTokenizer(step, `${where}[${i}]`));
    return (text, isFirst) =>
      steps.reduce<readonly string[]>((cut, step) => cut.flatMap((part, i) => step(part, isFirst && i === 0)), [text]);
  },
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
 * @throws {EmbeddingError} `UNSUPPORTED` for a type that is none of these, `CONFIG_INVALID` for a malformed one.
 */
export function preTokenizer(value: unknown, where: string): PreTokenize {
  return value === null || value === undefined ? (text) => [text] : component(makers, value, where);
}

function matches(piece: RegExp): PreTokenize {
  return (text) => text.match(piece) ?? [];
}
