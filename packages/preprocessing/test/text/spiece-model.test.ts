import { expect, it } from 'vitest';
import { spieceModel } from '../../src/text/spiece-model.ts';

it('keeps a byte order mark that is a piece, or begins one', () => {
  const utf8 = new TextEncoder();
  const field = (number: number, bytes: Uint8Array): number[] => [number * 8 + 2, bytes.length, ...bytes];
  const piece = (text: string): number[] => field(1, Uint8Array.from(field(1, utf8.encode(text))));
  const { pieces } = spieceModel(Uint8Array.from([...piece('\ufeff'), ...piece('\ufeffa'), ...piece('a')]));
  expect(pieces.map(({ text }) => text)).toEqual(['\ufeff', '\ufeffa', 'a']);
});
