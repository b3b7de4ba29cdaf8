/** At most: attempts of a pattern at one place, the characters of a match that must be, and those of the pattern. */
const maxWays = 64;
const maxLeast = 128;
const maxLength = 1000;

/** An atom, or alternatives of sequences in parentheses. */
interface Cost {
  /** In how many ways a match may be tried. */
  readonly ways: number;
  /** Characters that it takes at least and, where it ends, at most. */
  readonly least: number;
  readonly most: number;
}

const none: Cost = { ways: 1, least: 0, most: 0 };

/** What goes back by one and no further: all but the last of a run of spaces. */
const spacesButLast = /\\s\+\(\?!\\S\)/y;

/**
 * Whether a pattern takes time linear in a text whatever the text, in an engine that tries one way after the other: what
 * repeats without end is one character or class, at the end of its alternative, and all before it has few ways to match.
 *
 * @returns Why not, or `undefined`.
 */
export function slowPattern(source: string): string | undefined {
  if (source.length > maxLength) return `at most ${maxLength} characters`;
  const reader = { text: source, at: 0 };
  const cost = alternatives(reader);
  if (!cost || reader.at < reader.text.length) return 'characters, classes, groups and ?, *, + or {n,m} after them';
  if (cost.ways > maxWays) return `at most ${maxWays} ways to match`;
  if (cost.least === 0) return 'a pattern that matches no empty text';
  return undefined;
}

interface Reader {
  readonly text: string;
  at: number;
}

/** `undefined` for what is not known or not linear. */
function alternatives(reader: Reader): Cost | undefined {
  const costs: Cost[] = [];
  do {
    const cost = sequence(reader);
    if (!cost) return undefined;
    costs.push(cost);
  } while (taken(reader, /\|/y));
  const ways = costs.reduce((sum, cost) => sum + cost.ways, 0);
  return {
    ways,
    least: Math.min(...costs.map(({ least }) => least)),
    most: Math.max(...costs.map(({ most }) => most)),
  };
}

function sequence(reader: Reader): Cost | undefined {
  let whole = none;
  while (reader.at < reader.text.length && !/[|)]/.test(reader.text[reader.at]!)) {
    // After what repeats without end nothing may follow: where that failed, every shorter repetition would be tried.
    if (whole.most === Infinity) return undefined;
    const cost = repeated(reader);
    if (!cost) return undefined;
    whole = { ways: whole.ways * cost.ways, least: whole.least + cost.least, most: whole.most + cost.most };
    if (whole.ways > maxWays || whole.least > maxLeast) return undefined;
  }
  return whole;
}

const bounds = /\{(\d+)(,?)(\d*)\}\??|([?*+])\??/y;

function repeated(reader: Reader): Cost | undefined {
  if (taken(reader, spacesButLast)) return { ways: 1, least: 1, most: Infinity };
  const atom = one(reader);
  const found = atom && taken(reader, bounds);
  if (!found) return atom;
  const [, low, comma, high, sign] = found;
  const least = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
  const most =
    sign === undefined ? (comma === '' ? least : high === '' ? Infinity : Number(high)) : sign === '?' ? 1 : Infinity;
  if (least > 32 || (most !== Infinity && most > 32) || most < least) return undefined;
  if (most === 0 || (atom.most === Infinity && most > 1)) return undefined;
  if (most === Infinity && (atom.most !== 1 || atom.ways !== 1 || atom.least !== 1)) return undefined;
  const ways = most === Infinity ? 1 : (most - least + 1) * atom.ways ** Math.max(1, most);
  return { ways, least: atom.least * least, most: atom.most * most };
}

/**
 * A group, a class, an escape, or a character. Not known are `^` and `$`, of lines in the library, and `&&`, there what two
 * classes have in common.
 */
function one(reader: Reader): Cost | undefined {
  if (taken(reader, /\((?:\?:)?(?!\?)/y)) {
    const inside = alternatives(reader);
    return inside && taken(reader, /\)/y) ? inside : undefined;
  }
  if (taken(reader, /\[\^?(?:\\[^]|&(?!&)|[^\]\\[&])*\]/y)) return { ways: 1, least: 1, most: 1 };
  if (taken(reader, /\\(?:[pP]\{\^?\w+\}|x\{?[\da-fA-F]+\}?|u[\da-fA-F]{4}|[^\dbBkKgGAzZ])|[^\\()[\]{}*+?|^$]/uy)) {
    return { ways: 1, least: 1, most: 1 };
  }
  return undefined;
}

function taken(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found) reader.at += found[0].length;
  return found ?? undefined;
}
