import { EmbeddingError, isObject, quote } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { WordVocabulary } from '@diptych/preprocessing';
import { readJson } from '../model-json.ts';

const specials = ['<pad>', '<start>', '<end>', '<unk>'] as const;

/**
 * `vocab.json` of a dual encoder, whose words are numbers below `vocabSize`.
 *
 * @throws {EmbeddingError} `NOT_FOUND`, or `CONFIG_INVALID` with the word.
 */
export async function readVocabulary(files: Files, vocabSize: number, signal?: AbortSignal): Promise<WordVocabulary> {
  const where = `${files.id}/vocab.json`;
  const json = await readJson(files, 'vocab.json', signal);
  if (!json) throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: 'vocab.json', got: 'none' });
  const word2idx = json['word2idx'];
  const inside = `${where}: word2idx`;
  if (!isObject(word2idx)) throw invalid(inside, 'an object', word2idx);
  for (const word of specials) {
    if (!Object.hasOwn(word2idx, word)) throw invalid(inside, `the word '${word}'`, undefined);
  }
  for (const [word, id] of Object.entries(word2idx)) {
    if (Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < vocabSize) continue;
    throw invalid(`${inside}: '${word}'`, `a whole number from 0 to ${vocabSize - 1}`, id);
  }
  return { word2idx: word2idx as WordVocabulary['word2idx'] };
}

function invalid(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('CONFIG_INVALID', { where, expected, got: got === undefined ? 'none' : quote(got) });
}
