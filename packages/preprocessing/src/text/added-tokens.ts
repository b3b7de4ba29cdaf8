import { atOnce } from '@diptych/core';
import { codePoints } from './code-points.ts';
import { invalid, type Json, string } from './config-file.ts';
import { type Made, stepsOf } from './in-chunks.ts';
import { longestAt } from './longest-at.ts';
import { wordCharacter } from './unicode-tables.ts';
import { trimSpaces } from './white-space.ts';

/** A token that is found in the text as it stands, and never split. */
export interface AddedToken {
  readonly content: string;
  /** Absent where the file leaves it to the vocabulary. */
  readonly id?: number;
  /** Takes the white space to its left, to its right. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Only where no letter, digit or `_` touches it; where one does, no shorter token is found there either. */
  readonly singleWord: boolean;
  /** Sought, normalised itself, in the normalised text; else in the raw text. */
  readonly normalized: boolean;
}

/** An added token as `tokenizer.json` and `special_tokens_map.json` write it. */
export function addedToken(json: Json, where: string): AddedToken {
  return {
    content: string(json['content'], `${where}.content`) || invalid(`${where}.content`, 'a token', ''),
    lstrip: json['lstrip'] === true,
    rstrip: json['rstrip'] === true,
    singleWord: json['single_word'] === true,
    normalized: json['normalized'] === true,
  };
}

/** An added token whose id is known. */
export type Found = AddedToken & { readonly id: number };

const maxTokens = 2 ** 14;

/** @throws {EmbeddingError} `CONFIG_INVALID` for more added tokens than any text is worth searching for. */
export function checkCount(tokens: number): void {
  if (tokens > maxTokens) invalid('added tokens', `at most ${maxTokens}`, tokens);
}

/** Parts of a text in order: the id of an added token, or the text between two; nothing where a long text pauses. */
export type Part = string | number | undefined;

/**
 * A text cut at its added tokens, and everything between them normalised: first tokens that are sought in the raw text,
 * then those sought in the normalised text. Leftmost first, then longest.
 */
export function addedTokenSplitter(
  tokens: readonly Found[],
  normalize: (text: string) => Made,
): (text: string) => Iterable<Part> {
  checkCount(tokens.length);
  const raw = splitter(tokens.filter((token) => !token.normalized));
  const late = tokens.filter((token) => token.normalized);
  const normalized = splitter(late.map((token) => ({ ...token, content: atOnce(stepsOf(normalize(token.content))) })));
  return function* (text) {
    for (const part of raw(text)) {
      if (typeof part !== 'string') yield part;
      else yield* normalized(yield* stepsOf(normalize(part)));
    }
  };
}

function splitter(tokens: readonly Found[]): (text: string) => Iterable<Part> {
  if (tokens.length === 0) return (text) => (text === '' ? [] : [text]);
  const tokenAt = longestAt(new Map(tokens.toReversed().map((token) => [token.content, token])));
  return function* (text) {
    let from = 0;
    for (let at = 0; at < text.length;) {
      const token = tokenAt(text, at);
      const end = at + (token?.content.length ?? (text.codePointAt(at)! > 0xffff ? 2 : 1));
      if (token && !(token.singleWord && touchesWord(text, at, end - at))) {
        const before = text.slice(from, at);
        const kept = token.lstrip ? trimSpaces(before, { start: false, end: true }) : before;
        if (kept !== '') yield kept;
        yield token.id;
        from = token.rstrip ? end + spaceAt(text, end) : end;
      }
      at = Math.max(end, from);
    }
    if (from < text.length) yield text.slice(from);
  };
}

function touchesWord(text: string, at: number, length: number): boolean {
  return isWord(lastCharacter(text.slice(Math.max(0, at - 2), at))) || isWord(text.slice(at + length, at + length + 2));
}

/** Whether a text begins with what the library's patterns call `\w`. */
function isWord(text: string): boolean {
  return (word ??= new RegExp(`^[${codePoints(wordCharacter)}]`, 'u')).test(text);
}

let word: RegExp | undefined;

function lastCharacter(text: string): string {
  return Array.from(text).at(-1) ?? '';
}

function spaceAt(text: string, at: number): number {
  const space = /\p{White_Space}*/uy;
  space.lastIndex = at;
  return space.exec(text)![0].length;
}

/** Text as a pattern that matches just it. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
}
