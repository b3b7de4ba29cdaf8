import { useState } from 'react';
import type { Rows } from '../library/photo.ts';

/** Rows as they were when a view opened, so that it does not begin anew with each photo that is embedded. */
export function useSettled(rows: Rows): {
  readonly settled: Rows;
  readonly later: number;
  readonly include: () => void;
} {
  const [settled, setSettled] = useState(rows);
  return { settled, later: rows.photos.length - settled.photos.length, include: () => setSettled(rows) };
}
