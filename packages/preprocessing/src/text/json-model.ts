import { EmbeddingError, quote } from '@diptych/core';
import { byteFallback } from './byte-fallback.ts';
import { characterBpe } from './character-bpe.ts';
import { component, type Maker } from './component.ts';
import type { Model } from './encoder.ts';
import { integer, invalid, type Json, jsonArray, jsonObject, string } from './config-file.ts';
import { mergesJson, mergeTable } from './merge-table.ts';
import { type Vocabulary, vocabulary } from './tokenizer-files.ts';
import { unigramEncoder } from './unigram.ts';
import { unigramVocabulary } from './unigram-vocabulary.ts';
import { wordPieces } from './word-piece.ts';

/**
 * The `model` of a `tokenizer.json`. BPE is that over characters, which a pre-tokeniser may have made of bytes.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for another type, `CONFIG_INVALID` for a malformed one.
 */
export function jsonModel(value: unknown): Model {
  const makers: Readonly<Record<string, Maker<Model>>> = { BPE, Unigram, WordPiece };
  return component(
    makers,
    { ...jsonObject(value, 'tokenizer.json, model'), type: modelType(value) },
    'tokenizer.json, model',
  );
}

/** The type of a model; where an old file does not name it, what the tokenizers library takes it for by its fields. */
export function modelType(value: unknown): unknown {
  const model = jsonObject(value, 'tokenizer.json, model');
  if (model['type'] !== undefined) return model['type'];
  const has = (...keys: string[]): boolean => keys.every((key) => (model[key] ?? null) !== null);
  if (has('vocab', 'merges')) return 'BPE';
  if (has('vocab', 'unk_token', 'continuing_subword_prefix', 'max_input_chars_per_word')) return 'WordPiece';
  return Array.isArray(model['vocab']) ? 'Unigram' : 'WordLevel';
}

function WordPiece(config: Json, where: string): Model {
  const vocab = vocabulary(config['vocab'], `${where}.vocab`);
  return wordPieces({
    vocabulary: vocab,
    unknown: idOf(config['unk_token'], vocab, `${where}.unk_token`),
    prefix: string(config['continuing_subword_prefix'] ?? '##', where),
    longestWord: integer(config['max_input_chars_per_word'] ?? 100, where),
  });
}

function BPE(config: Json, where: string): Model {
  for (const key of ['continuing_subword_prefix', 'dropout']) {
    if (config[key])
      throw new EmbeddingError('UNSUPPORTED', { where: `${where}.${key}`, expected: 'none', got: config[key] });
  }
  const vocab = vocabulary(config['vocab'], `${where}.vocab`);
  const unknown = config['unk_token'];
  const model = {
    vocabulary: vocab,
    merges: mergeTable(mergesJson(config['merges']), vocab),
    unknown: unknown === null || unknown === undefined ? undefined : idOf(unknown, vocab, `${where}.unk_token`),
    fuseUnknown: config['fuse_unk'] === true,
    byteFallback: config['byte_fallback'] === true,
    suffix: string(config['end_of_word_suffix'] ?? '', `${where}.end_of_word_suffix`),
  };
  const whole = config['ignore_merges'] === true ? vocab : new Map<string, number>();
  return (piece) => {
    const id = whole.get(piece);
    return id === undefined ? characterBpe(piece, model) : [id];
  };
}

function Unigram(config: Json, where: string): Model {
  const { ids, scores } = unigramVocabulary(jsonArray(config['vocab'], `${where}.vocab`), `${where}.vocab`);
  const unknownId = (config['unk_id'] ?? undefined) === undefined ? -1 : integer(config['unk_id'], `${where}.unk_id`);
  if (unknownId >= scores.length) invalid(`${where}.unk_id`, `an id below ${scores.length}`, unknownId);
  const bytes: Vocabulary = config['byte_fallback'] === true ? ids : new Map();
  return unigramEncoder({
    ids,
    scores,
    unknownScore: scores.reduce((min, score) => Math.min(min, score), Infinity) - 10,
    round: (sum) => sum,
    unknown: (run) => {
      // As the library does, with or without bytes to fall back to.
      if (unknownId < 0) throw noUnknown(run);
      return byteFallback(run, bytes) ?? [unknownId];
    },
  });
}

function noUnknown(run: string): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', {
    where: 'tokenizer',
    expected: 'characters of its pieces alone, for it has no unk_id',
    got: quote(run),
  });
}

function idOf(token: unknown, vocab: Vocabulary, where: string): number {
  return vocab.get(string(token, where)) ?? invalid(where, 'a token of the vocabulary', token);
}
