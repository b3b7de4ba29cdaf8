import { codePoints, otherCodePoints } from './code-points.ts';
import { letter, mark, number } from './unicode-tables.ts';

/** Properties whose code points are the library's and not the engine's. */
const tables: Readonly<Record<string, string>> = { L: letter, M: mark, N: number };

/** Escapes that JavaScript spells otherwise, or takes for ASCII's. */
const spelled: Readonly<Record<string, string>> = {
  s: String.raw`\p{White_Space}`,
  S: String.raw`\P{White_Space}`,
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
};

/** Marks that a JavaScript pattern must not escape. */
const needsNone = /[^\p{L}\p{N}$()*+./?[\\\]^{|}-]/u;

/**
 * A pattern of Oniguruma as JavaScript writes it.
 *
 * @throws {SyntaxError} For what is a word: the two differ in it.
 */
export function libraryClasses(regex: string): string {
  let isInClass = false;
  return regex.replace(/\\([pP])\{(\^?)(\w+)\}|\\(.)|[.[\]]/gsu, (found: string, ...groups: (string | undefined)[]) => {
    const [property, not, name, char] = groups;
    if (char !== undefined) return escape(found, char);
    // Any character but the end of a line, which is one alone there.
    if (found === '.') return isInClass ? found : String.raw`[^\n]`;
    if (name === undefined) {
      isInClass = found === '[';
      return found;
    }
    const table = tables[name];
    const isOther = (property === 'P') !== (not === '^');
    if (table === undefined) return `\\${isOther ? 'P' : 'p'}{${name}}`;
    const inside = isOther ? otherCodePoints(table) : codePoints(table);
    return isInClass ? inside : `[${inside}]`;
  });
}

function escape(found: string, char: string): string {
  if (/[bBwW]/.test(char)) throw new SyntaxError(`${found}: words are not the same in JavaScript`);
  return spelled[char] ?? (needsNone.test(char) ? char : found);
}
