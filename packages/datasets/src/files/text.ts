import { checkSignal } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { invalid } from '../invalid.ts';
import { checkLength } from './longest.ts';

/** Of one read, in bytes. */
const chunkBytes = 1 << 20;

/** The text of a file in pieces, without a byte order mark. */
export async function* textOf(file: ByteSource, signal?: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let begin = 0; begin < file.size; begin += chunkBytes) {
    checkSignal(signal);
    const end = Math.min(begin + chunkBytes, file.size);
    yield decode(decoder, await file.read(begin, end, signal), { name: file.name, last: end === file.size });
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, { name, last }: { name: string; last: boolean }): string {
  try {
    return decoder.decode(bytes, { stream: !last });
  } catch (cause) {
    throw invalid(name, 'UTF-8', 'other bytes', cause);
  }
}

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** Lines that are not blank, without their ends. */
export async function* linesOf(file: ByteSource, signal?: AbortSignal): AsyncGenerator<Line> {
  let rest = '';
  let number = 0;
  for await (const piece of textOf(file, signal)) {
    const lines = piece.split('\n');
    checkLength(rest.length + lines[0]!.length, `${file.name}, line ${number + 1}`, 'a line');
    lines[0] = rest + lines[0]!;
    rest = lines.pop()!;
    for (const line of lines) {
      number++;
      if (line.trim() !== '') yield { text: line.replace(/\r$/, ''), number };
    }
  }
  if (rest.trim() !== '') yield { text: rest.replace(/\r$/, ''), number: number + 1 };
}
