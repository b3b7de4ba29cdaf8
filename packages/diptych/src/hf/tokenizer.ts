import type { ModelFiles } from '@diptych/checkpoint';
import type { Preprocessor, TextBatch } from '@diptych/core';
import { parseTokenizer, type TokenizerOptions } from '@diptych/preprocessing';
import { tokenizerOf } from '../tokenizer-of.ts';

/** The tokenizer that a model's files describe, with the cleaning of Hugging Face. */
export function hfTokenizer(
  files: ModelFiles,
  options: TokenizerOptions,
  signal?: AbortSignal,
): Promise<Preprocessor<string, TextBatch>> {
  return tokenizerOf(files, (found) => parseTokenizer(found, options), signal);
}
