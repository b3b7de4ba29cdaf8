/**
 * A text whose control characters, other than the tab and the end of a line, are written out, as `\x1b`: names from files
 * and servers must not steer a terminal.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n]/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
