import { useEffect, useState } from 'react';
import type { Vocabulary } from '../insight/reasons.ts';
import type { Matrix } from '../insight/rows.ts';

/** Embeds words, one row each, of length 1. */
export type EmbedWords = (words: readonly string[]) => Promise<Matrix>;

/** Words with their rows, once the model has embedded them; `words` and `embed` are the same as long as they mean the same. */
export function useVocabulary(words: readonly string[], embed: EmbedWords): Vocabulary | undefined {
  const [vocabulary, setVocabulary] = useState<Vocabulary>();
  useEffect(() => {
    let isWanted = true;
    if (words.length === 0) setVocabulary(undefined);
    else {
      embed(words).then(
        (rows) => isWanted && setVocabulary({ words, rows }),
        // Groups then have numbers; the page says elsewhere why there is no model.
        () => isWanted && setVocabulary(undefined),
      );
    }
    return () => {
      isWanted = false;
    };
  }, [words, embed]);
  return vocabulary;
}
