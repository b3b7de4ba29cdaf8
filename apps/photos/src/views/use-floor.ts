import { useEffect, useState } from 'react';
import type { Floor } from '../insight/cut-off.ts';
import { unrelated } from '../insight/words.ts';
import { useLibrary, useLibraryState } from './use-library.ts';

/** Fewer say nothing of what is usual. */
const fewest = 12;

/** What an unrelated word reaches in this collection; learned anew when there are a quarter more photos, or fewer. */
export function useFloor(): Floor | undefined {
  const library = useLibrary();
  const { rows, model } = useLibraryState();
  const [floor, setFloor] = useState<Floor>();
  const count = rows?.photos.length ?? 0;
  const step = count < fewest ? 0 : Math.round(Math.log(count) / Math.log(1.25));
  useEffect(() => {
    const { embedder, scorer } = library;
    if (!rows || !embedder || !scorer || step === 0 || rows.rows.shape[1] !== embedder.dim) return undefined;
    const stop = new AbortController();
    const learn = async () => {
      const { signal } = stop;
      const learned = await scorer.floor(await embedder.embed('text', unrelated, { signal }));
      if (!signal.aborted) setFloor(learned);
    };
    learn().catch(() => undefined); // Without it everything is shown, the nearest first.
    return () => stop.abort();
    // What is learned is of the collection: each row more changes next to nothing.
  }, [library, model, step]);
  return step === 0 ? undefined : floor;
}
