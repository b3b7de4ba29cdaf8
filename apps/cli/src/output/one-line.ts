/** Names come from files and stdin: control characters in them must not move a terminal's cursor. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}
