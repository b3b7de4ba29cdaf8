import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError, type Preprocessor, type TextBatch } from '@diptych/core';
import { clipTokenizer, type ClipTokenizerOptions, type TokenizerFiles } from '@diptych/preprocessing';
import { readText } from './model-json.ts';

/** What a tokenizer's files are called. */
const fileNames = {
  tokenizerJson: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  specialTokensMap: 'special_tokens_map.json',
  vocab: 'vocab.json',
  merges: 'merges.txt',
  bpe: 'bpe_simple_vocab_16e6.txt',
} as const satisfies Record<keyof TokenizerFiles, string>;

/**
 * CLIP's tokenizer from a model's files. A model without any still opens, for images: its texts are refused with
 * `NOT_FOUND`.
 */
export async function clipTokenizerOf(
  files: ModelFiles,
  options: ClipTokenizerOptions,
  signal?: AbortSignal,
): Promise<Preprocessor<string, TextBatch>> {
  const found = await tokenizerFiles(files, signal);
  if (found.tokenizerJson || found.bpe || (found.vocab && found.merges)) return clipTokenizer(found, options);
  const { tokenizerJson, vocab, merges, bpe } = fileNames;
  return () => {
    throw new EmbeddingError(
      'NOT_FOUND',
      `${files.id}: expected ${tokenizerJson}, ${vocab} with ${merges}, or ${bpe}, found none of them`,
    );
  };
}

async function tokenizerFiles(files: ModelFiles, signal?: AbortSignal): Promise<TokenizerFiles> {
  const entries = Object.entries(fileNames).map(async ([key, name]) => [key, await readText(files, name, signal)]);
  return Object.fromEntries((await Promise.all(entries)).filter(([, text]) => text !== undefined));
}
