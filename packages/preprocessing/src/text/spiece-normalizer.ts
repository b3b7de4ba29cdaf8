import { replaceLongest } from './apply-charsmap.ts';
import { charsmap } from './charsmap.ts';
import { checkGrowth } from './growth.ts';
import type { SpieceModel } from './spiece-model.ts';

/** SentencePiece's mark for a space. */
export const spaceMark = '▁';

const trailing = new RegExp(`(?<!${spaceMark})${spaceMark}+$`);

/** The text a SentencePiece model segments: its table applied, spaces collapsed, marked, and one put in front. */
export function spieceNormalizer(model: SpieceModel): (text: string) => string {
  const map = charsmap(model.charsmap, 'spiece.model, precompiled_charsmap');
  return (text) => {
    const replaced = replaceLongest(text, map);
    checkGrowth(replaced.length, text.length, 'spiece.model, precompiled_charsmap');
    const trimmed = model.removeExtraSpaces ? replaced.replace(/ +/g, ' ').replace(/^ | $/g, '') : replaced;
    const prefixed = model.addDummyPrefix && trimmed !== '' ? ` ${trimmed}` : trimmed;
    const marked = model.escapeSpaces ? prefixed.replaceAll(' ', spaceMark) : prefixed;
    // A mark that the text itself holds counts as a space at its end, and there alone.
    return model.removeExtraSpaces && model.escapeSpaces ? marked.replace(trailing, '') : marked;
  };
}
