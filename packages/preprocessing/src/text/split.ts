/** A part of a text, and whether a pattern found it. */
interface Segment {
  readonly text: string;
  readonly isMatch: boolean;
}

/** What becomes of the parts that a pattern found, by the names of `tokenizer.json`. */
export const splitBehaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
export type SplitBehavior = (typeof splitBehaviors)[number];

const behaviors: Readonly<Record<SplitBehavior, (segments: readonly Segment[]) => string[]>> = {
  Removed: (segments) => segments.filter(({ isMatch }) => !isMatch).map(({ text }) => text),
  Isolated: (segments) => segments.map(({ text }) => text),
  MergedWithPrevious: (segments) => joined(segments, (left, right) => right.isMatch && !left.isMatch),
  MergedWithNext: (segments) => joined(segments, (left, right) => left.isMatch && !right.isMatch),
  Contiguous: (segments) => joined(segments, (left, right) => left.isMatch === right.isMatch),
};

/**
 * A text cut where a pattern matches; `invert` cuts where it does not.
 *
 * @param pattern Global; never matches nothing.
 */
export function splitText(text: string, pattern: RegExp, behavior: SplitBehavior, invert = false): string[] {
  const segments: Segment[] = [];
  let from = 0;
  const add = (to: number, isMatch: boolean): void => {
    if (to > from) segments.push({ text: text.slice(from, to), isMatch: isMatch !== invert });
    from = to;
  };
  for (const match of text.matchAll(pattern)) {
    add(match.index, false);
    add(match.index + match[0].length, true);
  }
  add(text.length, false);
  return behaviors[behavior](segments);
}

function joined(segments: readonly Segment[], isJoined: (left: Segment, right: Segment) => boolean): string[] {
  const parts: string[] = [];
  for (const [i, segment] of segments.entries()) {
    const left = segments[i - 1];
    if (left && isJoined(left, segment)) parts.push(parts.pop()! + segment.text);
    else parts.push(segment.text);
  }
  return parts;
}
