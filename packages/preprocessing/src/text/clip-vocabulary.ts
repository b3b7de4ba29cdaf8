import { EmbeddingError, quote } from '@diptych/core';
import { type AddedToken, addedToken, type Found } from './added-tokens.ts';
import type { Model } from './encoder.ts';
import { byteOrder, byteSymbols } from './byte-symbols.ts';
import { invalid, type Json, jsonFile, jsonObject } from './config-file.ts';
import { jsonIds } from './json-ids.ts';
import { modelType } from './json-model.ts';
import { filedTokens } from './filed-tokens.ts';
import { mergePairs } from './merge-pairs.ts';
import { mergeLines, type Merges, mergesJson, mergesText, mergeTable } from './merge-table.ts';
import {
  declaredToken,
  idsEnd,
  paddingId,
  type TokenizerFiles,
  type Vocabulary,
  vocabulary,
} from './tokenizer-files.ts';

/** What the files of a CLIP tokenizer say. */
export interface ClipVocabulary {
  readonly encode: Model;
  readonly start: Found;
  readonly end: Found;
  /** Every token that a text may spell out, start and end among them. */
  readonly added: readonly Found[];
  /** `undefined` where the files do not say. */
  readonly padId: number | undefined;
  /** All ids but those of added tokens are below. */
  readonly size: number;
}

/** Marks the last symbol of a piece. */
const endOfWord = '</w>';

/** @throws {EmbeddingError} `CONFIG_INVALID` or `UNSUPPORTED` when the files are not those of a CLIP tokenizer. */
export function clipVocabulary(files: TokenizerFiles): ClipVocabulary {
  const json = files.tokenizerJson === undefined ? undefined : jsonFile(files.tokenizerJson, 'tokenizer.json');
  const { vocab, merges } = json ? fromJson(json) : files.bpe === undefined ? fromPair(files) : fromBpe(files.bpe);
  const listed = json ? jsonIds(json).added : [];
  const find = (token: AddedToken): Found => {
    const { content } = token;
    const id = listed.find((one) => one.content === content)?.id ?? vocab.get(content);
    return { ...token, id: id ?? invalid('clip tokenizer', 'a special token of the vocabulary', content) };
  };
  const start = find(declaredToken(files, 'bos_token') ?? addedToken({ content: '<|startoftext|>' }, ''));
  const end = find(declaredToken(files, 'eos_token') ?? addedToken({ content: '<|endoftext|>' }, ''));
  const declaredPad = declaredToken(files, 'pad_token');
  const pad = declaredPad ? [find(declaredPad)] : [];
  const added = json ? listed : filedTokens(files, vocab, [], { bos_token: start.content, eos_token: end.content });
  const padId = pad[0]?.id ?? (json && paddingId(json));
  return { encode: byteLevel(vocab, merges), start, end, added, padId, size: idsEnd(vocab) };
}

interface Tables {
  readonly vocab: Vocabulary;
  readonly merges: Merges;
}

function fromJson(json: Json): Tables {
  const model = jsonObject(json['model'], 'tokenizer.json, model');
  const [type, suffix] = [modelType(model), model['end_of_word_suffix']];
  if (type !== 'BPE' || suffix !== endOfWord) {
    const got = `${quote(type)} with suffix ${quote(suffix)}`;
    throw new EmbeddingError('UNSUPPORTED', {
      where: 'clip tokenizer',
      expected: `BPE with suffix '${endOfWord}'`,
      got,
    });
  }
  return { vocab: vocabulary(model['vocab'], 'tokenizer.json, model.vocab'), merges: mergesJson(model['merges']) };
}

function fromPair({ vocab, merges }: TokenizerFiles): Tables {
  if (vocab === undefined || merges === undefined) {
    const expected = 'tokenizer.json, or vocab.json and merges.txt, or bpe_simple_vocab_16e6.txt';
    throw new EmbeddingError('CONFIG_INVALID', { where: 'clip tokenizer', expected, got: 'none of them whole' });
  }
  return { vocab: vocabulary(jsonFile(vocab, 'vocab.json'), 'vocab.json'), merges: mergesText(merges) };
}

/** OpenAI's file is a header and merges alone, more of them than its 49,408 tokens take. */
function fromBpe(file: string): Tables {
  const mergeCount = 49_408 - 2 * byteSymbols.length - 2;
  const lines = file.split('\n').slice(1, 1 + mergeCount);
  const merges = mergeLines(lines, 'bpe_simple_vocab_16e6.txt', 2);
  const bytes = byteOrder.map((byte) => byteSymbols[byte]!);
  const words = bytes.map((symbol) => symbol + endOfWord);
  const merged = Array.from({ length: merges.count }, (_, i) => merges.pair(i).join(''));
  const tokens = [...bytes, ...words, ...merged, '<|startoftext|>', '<|endoftext|>'];
  return { vocab: new Map(tokens.map((token, id) => [token, id])), merges };
}

/** UTF-8 bytes of a piece as symbols, the last one marked, then merged. */
function byteLevel(vocab: Vocabulary, merges: Merges): Model {
  const idsWith = (suffix: string): number[] =>
    byteSymbols.map((symbol) => {
      return vocab.get(symbol + suffix) ?? invalid('clip tokenizer', 'a symbol of every byte', symbol + suffix);
    });
  const [inner, last] = [idsWith(''), idsWith(endOfWord)];
  const table = mergeTable(merges, vocab);
  const utf8 = new TextEncoder();
  return (piece) => {
    const bytes = utf8.encode(piece);
    const symbols = new Int32Array(bytes.length);
    for (const [i, byte] of bytes.entries()) symbols[i] = (i === bytes.length - 1 ? last : inner)[byte]!;
    return mergePairs(symbols, table);
  };
}
