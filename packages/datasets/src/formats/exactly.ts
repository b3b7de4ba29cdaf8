import { invalid } from '../invalid.ts';

/** The first `count` captions, of which there must be as many; `'all'` of them, however many. */
export function exactly(captions: readonly string[], count: number | 'all', where: string): readonly string[] {
  if (count === 'all') return captions;
  if (captions.length >= count) return captions.slice(0, count);
  throw invalid(where, `${count} captions`, captions.length);
}
