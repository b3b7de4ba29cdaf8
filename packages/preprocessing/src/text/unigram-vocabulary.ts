import { invalid } from './config-file.ts';
import type { Vocabulary } from './tokenizer-files.ts';

/** Pieces of a unigram model with their ids, and the log probability of each id. */
export interface UnigramVocabulary {
  readonly ids: Vocabulary;
  readonly scores: Float64Array;
}

/** By the list: of a million pieces one table takes 60 MB, and is asked for more than once. */
const known = new WeakMap<readonly unknown[], UnigramVocabulary>();

/**
 * The `vocab` of a unigram model in `tokenizer.json`, a list of pieces with scores; of a piece that stands there twice the last counts.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for what is no piece with a score.
 */
export function unigramVocabulary(list: readonly unknown[], where: string): UnigramVocabulary {
  const before = known.get(list);
  if (before) return before;
  const [ids, scores] = [new Map<string, number>(), new Float64Array(list.length)];
  for (const [id, entry] of list.entries()) {
    const [piece, score]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof piece !== 'string' || typeof score !== 'number') invalid(`${where}[${id}]`, 'a piece, a score', entry);
    ids.set(piece, id);
    scores[id] = score;
  }
  const read = { ids, scores };
  known.set(list, read);
  return read;
}
