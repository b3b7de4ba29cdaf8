import { parseQuery, queryRow } from '@diptych/retrieval';
import { useEffect, useState } from 'react';
import type { Ranking } from '../library/rank.ts';
import type { Library } from '../library/library.ts';
import { useFloor } from './use-floor.ts';
import { useLibrary, useLibraryState } from './use-library.ts';

/** A picture to search by: one of the collection, or any other. */
export interface Like {
  readonly name: string;
  readonly picture: string | Blob;
}

export interface Query {
  readonly text: string;
  readonly like?: Like | undefined;
}

export interface Search {
  /** `undefined` while nothing is sought. Of photos like a photo it tells of none that they fit: some always do. */
  readonly ranking: Ranking | undefined;
  readonly problem: string | undefined;
}

/** The photos nearest to a query, anew whenever photos come or go. */
export function useSearch({ text, like }: Query): Search {
  const library = useLibrary();
  const { rows, model } = useLibraryState();
  const isSought = text.trim() !== '' || like !== undefined;
  const [sought, setSought] = useState<{ row?: Float32Array; problem?: string }>({});
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const find = async () => {
      try {
        const row = isSought ? await rowOf(library, { text, like }, signal) : undefined;
        if (!signal.aborted) setSought(row ? { row } : {});
      } catch (error) {
        if (!signal.aborted) setSought({ problem: error instanceof Error ? error.message : String(error) });
      }
    };
    void find();
    return () => stop.abort();
  }, [library, text, like, isSought, model]);
  const { row, problem } = sought;
  const [ranking, setRanking] = useState<Ranking>();
  const learned = useFloor();
  const floor = like ? undefined : learned;
  useEffect(() => {
    const { scorer } = library;
    if (!row) setRanking(undefined);
    if (!row || !rows || !scorer || row.length !== rows.rows.shape[1]) return undefined;
    let isLast = true;
    scorer.rank(row, floor).then(
      (found) => isLast && setRanking(found),
      (error: unknown) => isLast && setSought({ problem: String(error) }),
    );
    return () => {
      isLast = false;
    };
  }, [library, row, rows, floor]);
  return { ranking: isSought ? ranking : undefined, problem };
}

/** The query in the space of the model. */
async function rowOf(library: Library, { text, like }: Query, signal: AbortSignal): Promise<Float32Array | undefined> {
  const { embedder } = library;
  if (!embedder) return undefined;
  const { wanted, unwanted } = parseQuery(text);
  const embed = async (texts: readonly string[]) => embedder.embed('text', texts, { signal });
  const picture = like && (await pictureRow(library, like.picture, signal));
  if (!picture && wanted.length + unwanted.length === 0) return undefined;
  const more = await embed(wanted);
  const data = picture ? Float32Array.of(...more.data, ...picture) : more.data;
  const { dim } = embedder;
  return queryRow({ ...more, data, shape: [data.length / dim, dim] }, await embed(unwanted)).data;
}

async function pictureRow(
  library: Library,
  picture: string | Blob,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  if (typeof picture === 'string') return library.row(picture);
  return (await library.embedder!.embed('image', [picture], { signal })).data;
}
