/** A part of a text, and whether a pattern found it. */
interface Segment {
  readonly text: string;
  readonly isMatch: boolean;
}

/** What becomes of the parts that a pattern found, by the names of `tokenizer.json`. */
export const splitBehaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
export type SplitBehavior = (typeof splitBehaviors)[number];

/** Whether a segment is joined to the one before it. */
type IsJoined = (left: Segment, right: Segment) => boolean;

const behaviors: Readonly<Record<SplitBehavior, IsJoined>> = {
  Removed: () => false,
  Isolated: () => false,
  MergedWithPrevious: (left, right) => right.isMatch && !left.isMatch,
  MergedWithNext: (left, right) => left.isMatch && !right.isMatch,
  Contiguous: (left, right) => left.isMatch === right.isMatch,
};

/**
 * A text cut where a pattern matches; `invert` cuts where it does not. Parts are found when they are asked for.
 *
 * @param pattern Global; never matches nothing.
 */
export function* splitText(text: string, pattern: RegExp, behavior: SplitBehavior, invert = false): Generator<string> {
  const isJoined = behaviors[behavior];
  let [left, part]: [Segment | undefined, string] = [undefined, ''];
  for (const segment of segments(text, pattern, invert)) {
    if (behavior === 'Removed' && segment.isMatch) continue;
    if (left && isJoined(left, segment)) part += segment.text;
    else {
      if (part !== '') yield part;
      part = segment.text;
    }
    left = segment;
  }
  if (part !== '') yield part;
}

/** Where a global pattern matches, one place after the other; `matchAll` makes a copy of the pattern each time. */
export function* found(text: string, pattern: RegExp): Generator<RegExpExecArray> {
  for (let at = 0; ;) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return;
    at = Math.max(pattern.lastIndex, at + Number(match[0] === ''));
    yield match;
  }
}

function* segments(text: string, pattern: RegExp, invert: boolean): Generator<Segment> {
  let from = 0;
  for (const { 0: match, index } of found(text, pattern)) {
    if (index > from) yield { text: text.slice(from, index), isMatch: invert };
    from = index + match.length;
    if (match !== '') yield { text: match, isMatch: !invert };
  }
  if (from < text.length) yield { text: text.slice(from), isMatch: invert };
}
