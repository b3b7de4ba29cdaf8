import type { Output } from './io.ts';

/** The last line of a terminal, drawn again and again in its place. */
export interface LastLine {
  readonly text: string;
  /** Empty to take it away. */
  draw(text: string): void;
  /** Puts a line for good above it. */
  above(text: string): void;
}

const clear = '\r\u001B[K';

export function lastLine(terminal: Output): LastLine {
  let drawn = '';
  return {
    get text() {
      return drawn;
    },
    draw(text) {
      if (text !== drawn) terminal.write(clear + text);
      drawn = text;
    },
    above(text) {
      terminal.write(`${drawn === '' ? '' : clear}${text}\n${drawn}`);
    },
  };
}
