import { everydayWords } from '@diptych/retrieval';
import { useMemo } from 'react';
import { reasons } from '../insight/reasons.ts';
import { meanRow } from '../insight/rows.ts';
import { useEmbedWords } from './use-embed-words.ts';
import { useLibrary, useLibraryState } from './use-library.ts';
import { useVocabulary } from './use-vocabulary.ts';

/** Words that the model finds nearer to a photo than to the others: why it is found. */
export function NearestWords({ id }: { readonly id: string }) {
  const library = useLibrary();
  const { rows } = useLibraryState();
  const vocabulary = useVocabulary(everydayWords, useEmbedWords());
  const mean = useMemo(() => rows && meanRow(rows.rows), [rows]);
  const row = library.row(id);
  if (!vocabulary || !mean || row?.length !== mean.length || vocabulary.rows.shape[1] !== mean.length) return null;
  const words = reasons(row, vocabulary, { mean }).map(({ word }) => word);
  return words.length > 0 && <p>Nearest words: {words.join(', ')}</p>;
}
