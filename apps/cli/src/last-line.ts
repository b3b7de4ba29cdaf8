import { printable } from '@diptych/core';
import type { Output } from './io.ts';

/** The last line of a terminal, drawn again and again in its place. Texts are made printable. */
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
      if (text !== drawn) terminal.write(clear + printable(text));
      drawn = text;
    },
    above(text) {
      terminal.write(`${drawn === '' ? '' : clear}${printable(text)}\n${printable(drawn)}`);
    },
  };
}
