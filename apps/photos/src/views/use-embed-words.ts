import type { Embedder } from 'diptych/worker';
import { useCallback } from 'react';
import type { Matrix } from '../insight/rows.ts';
import { useLibrary, useLibraryState } from './use-library.ts';
import type { EmbedWords } from './use-vocabulary.ts';

/** Rows by the model, and then by the list of words: hundreds of words take a large model seconds. */
const known = new WeakMap<Embedder, WeakMap<readonly string[], Promise<Matrix>>>();

/** Embeds words with the model of the page; the same list is embedded once. */
export function useEmbedWords(): EmbedWords {
  const library = useLibrary();
  const { model } = useLibraryState();
  return useCallback(
    async (words) => {
      const { embedder } = library;
      if (!embedder) throw new Error(`no model is open: ${model.status}`);
      const lists = known.get(embedder) ?? new WeakMap<readonly string[], Promise<Matrix>>();
      known.set(embedder, lists);
      const rows = lists.get(words) ?? embedder.embed('text', words);
      lists.set(words, rows);
      rows.catch(() => lists.delete(words));
      return rows;
    },
    [library, model],
  );
}
