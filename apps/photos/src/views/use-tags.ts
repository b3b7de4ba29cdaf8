import { useEffect, useState } from 'react';
import type { Floor } from '../insight/cut-off.ts';
import { type Tagged, tagged } from '../library/tags.ts';
import { useLibrary, useLibraryState } from './use-library.ts';

const key = 'tags';

/** The user's words, kept in the browser. */
export function useTagWords(): readonly [readonly string[], (words: readonly string[]) => void] {
  const [words, setWords] = useState<readonly string[]>(() =>
    (localStorage.getItem(key) ?? '').split('\n').filter(Boolean),
  );
  const change = (next: readonly string[]) => {
    setWords(next);
    localStorage.setItem(key, next.join('\n'));
  };
  return [words, change];
}

/** At most one count in this time while photos come in, in milliseconds. */
const pause = 1000;

/** Photos of each word; `undefined` until they are counted first. */
export function useTagged(words: readonly string[], floor: Floor | undefined): readonly Tagged[] | undefined {
  const library = useLibrary();
  const { rows, model } = useLibraryState();
  const [counted, setCounted] = useState<readonly Tagged[]>();
  const [due, setDue] = useState(rows);
  useEffect(() => {
    const timer = setTimeout(() => setDue(rows), due && rows && due !== rows ? pause : 0);
    return () => clearTimeout(timer);
  }, [rows, due]);
  useEffect(() => {
    const { embedder, scorer } = library;
    if (!due || !embedder || !scorer || !floor || due.rows.shape[1] !== embedder.dim) return undefined;
    const stop = new AbortController();
    const count = async () => {
      const { signal } = stop;
      const { data, shape } = await embedder.embed('text', words, { signal });
      const all: Tagged[] = [];
      for (const [i, word] of words.entries()) {
        all.push(await tagged(word, data.slice(i * shape[1], (i + 1) * shape[1]), floor, scorer));
        signal.throwIfAborted();
      }
      setCounted(all);
    };
    count().catch(() => undefined); // The next change counts again.
    return () => stop.abort();
  }, [library, model, words, due, floor]);
  return counted;
}
