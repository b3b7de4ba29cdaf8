import { configReader, type ConfigReader, EmbeddingError, type Preprocessor, type TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { Padding } from '@diptych/preprocessing';
import type { ArchitectureOptions } from '../architecture.ts';
import { type FoundFiles, tokenizerOf, type VocabularyFile } from '../tokenizer-of.ts';
import { readSentenceConfig } from './sentence-config.ts';

export interface HfTokenizerOptions {
  /** Positions that the network has. */
  readonly contextLength: number;
  /** Tokens that it knows. */
  readonly vocabSize: number;
  readonly padding?: Padding;
  /** What its family has where there is no `tokenizer.json`. */
  readonly usual: readonly VocabularyFile[];
}

/**
 * The tokenizer that a model's files describe, with the cleaning of Hugging Face. Rows are cut off at `max_seq_length` of
 * `sentence_bert_config.json` where the model is one of sentence-transformers, which has prompts, else at `model_max_length` of `tokenizer_config.json`, and where the network ends.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for padding or cutting on the left, or for a network that reads the last position
 *   of rows shorter than its own.
 */
export async function hfTokenizer(
  files: Files,
  { contextLength, vocabSize, padding, usual }: HfTokenizerOptions,
  { prompts, signal }: Pick<ArchitectureOptions, 'prompts' | 'signal'>,
): Promise<Preprocessor<string, TextBatch>> {
  const sentence = prompts ? await readSentenceConfig(files, signal) : configReader({}, files.id);
  const { parseTokenizer } = await import('@diptych/preprocessing/text');
  const make = (found: FoundFiles) => {
    const own = configReader(found.tokenizerConfig, `${files.id}/tokenizer_config.json`);
    checkSides(own);
    const limit = sentence.has('max_seq_length')
      ? sentence.count('max_seq_length', undefined, Number.MAX_SAFE_INTEGER)
      : ownLimit(own);
    if (padding === 'max_length' && limit < contextLength) throw tooShort(own, contextLength, limit);
    const lowerCase = sentence.flag('do_lower_case', false);
    return parseTokenizer(found, { contextLength: Math.min(limit, contextLength), vocabSize, padding, lowerCase });
  };
  return tokenizerOf(files, usual, make, signal);
}

/** Files before 2020 call it `max_len`. The library writes 1e30 where there is no limit. */
function ownLimit(config: ConfigReader): number {
  return config.number('model_max_length', config.number('max_len', Infinity));
}

function checkSides(config: ConfigReader): void {
  for (const field of ['padding_side', 'truncation_side']) {
    const side = config.string(field, 'right');
    if (side === 'right') continue;
    throw new EmbeddingError('UNSUPPORTED', { where: `${config.where}: ${field}`, expected: 'right', got: side });
  }
}

function tooShort({ where }: ConfigReader, contextLength: number, limit: number): EmbeddingError {
  const expected = `at least the ${contextLength} positions that the text tower is read at`;
  return new EmbeddingError('UNSUPPORTED', { where: `${where}: model_max_length`, expected, got: limit });
}
