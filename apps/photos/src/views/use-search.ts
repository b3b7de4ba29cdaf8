import { useEffect, useMemo, useState } from 'react';
import { type Floor, cutOff } from '../insight/cut-off.ts';
import { parseQuery, queryRow } from '../insight/query.ts';
import { rank, type Ranking } from '../library/rank.ts';
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
  /** `undefined` while nothing is sought. */
  readonly ranking: Ranking | undefined;
  /** How many of them stand out; `undefined` until that can be told. Of photos like a photo there always are some. */
  readonly fits: number | undefined;
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
  const ranking = useMemo(
    () => (isSought && row && rows && row.length === rows.rows.shape[1] ? rank(rows, row) : undefined),
    [isSought, row, rows],
  );
  const floor = useFloor();
  const fits = useMemo(
    () => (ranking && floor && !like ? fitting(ranking.scores, floor) : undefined),
    [ranking, floor, like],
  );
  return { ranking, fits, problem };
}

/** How many of the best stand out from the collection. */
function fitting(scores: Float32Array, floor: Floor): number {
  if (scores.length === 0) return 0;
  const least = cutOff(scores, floor);
  const first = scores.findIndex((score) => score < least);
  return first < 0 ? scores.length : first;
}

/** The query in the space of the model. */
async function rowOf(library: Library, { text, like }: Query, signal: AbortSignal): Promise<Float32Array | undefined> {
  const { embedder } = library;
  if (!embedder) return undefined;
  const { wanted, unwanted } = parseQuery(text);
  const embed = async (texts: readonly string[]) => embedder.embed('text', texts, { signal });
  const picture = like && (await pictureRow(library, like.picture, signal));
  const more = await embed(wanted);
  const rows = picture ? [...more.data, ...picture] : [...more.data];
  const { dim } = embedder;
  const sought = { data: Float32Array.from(rows), shape: [rows.length / dim, dim] as const };
  return queryRow(sought, await embed(unwanted));
}

async function pictureRow(
  library: Library,
  picture: string | Blob,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  if (typeof picture === 'string') return library.row(picture);
  return (await library.embedder!.embed('image', [picture], { signal })).data;
}
