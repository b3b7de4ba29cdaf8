/** Every run of Unicode white space as one space. */
export function collapseSpaces(text: string): string {
  return text.replace(/\p{White_Space}+/gu, ' ');
}

/** What Python's `\s`, `split` and `strip` call space, four control characters among it: single spaces, none at the ends. */
export function pythonWords(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\p{White_Space}\x1c-\x1f]+/gu, ' ').replace(/^ | $/g, '');
}

/** Unicode's white space off the ends. JavaScript's `trim` also takes U+FEFF, and leaves U+0085. */
export function trimSpaces(text: string, ends = { start: true, end: true }): string {
  let [from, to] = [0, text.length];
  while (ends.start && from < to && isSpace(text[from]!)) from++;
  while (ends.end && from < to && isSpace(text[to - 1]!)) to--;
  return text.slice(from, to);
}

function isSpace(char: string): boolean {
  return /\p{White_Space}/u.test(char);
}
