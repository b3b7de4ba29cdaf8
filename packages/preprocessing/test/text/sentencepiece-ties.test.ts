import { atOnce } from '@diptych/core';
import { expect, it } from 'vitest';
import { spieceEncoder } from '../../src/text/spiece-encoder.ts';
import type { Piece } from '../../src/text/spiece-model.ts';
import models from './sentencepiece-ties.json' with { type: 'json' };

/** Models of few scores and texts whose best ways are equally good in float32 but not in float64; ids of 0.2.2. */
it.each(models)('equals SentencePiece 0.2 where sums in float32 tie (%#)', ({ pieces, cases }) => {
  const encode = spieceEncoder({
    kind: 'unigram',
    pieces: pieces.map(([text, score, type]) => ({ text, score: Math.fround(Number(score)), type }) as Piece),
    charsmap: new Uint8Array(),
    addDummyPrefix: false,
    removeExtraSpaces: false,
    escapeSpaces: true,
  });
  for (const [text, ids] of cases) expect(atOnce(encode(text!)).join(' ')).toBe(ids);
});
