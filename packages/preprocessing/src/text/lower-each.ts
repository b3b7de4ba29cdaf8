/** Lower case without context: JavaScript and Python write a final sigma as ς, Rust's `char` always as σ. */
export function lowerEach(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}
