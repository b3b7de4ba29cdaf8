import { EmbeddingError, type Preprocessor, type TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { Tokenizer, TokenizerFiles } from '@diptych/preprocessing';
import { type FileLimit, readBytes, readText } from './model-json.ts';

/** What a tokenizer's files are called. */
const textFiles = {
  tokenizerJson: 'tokenizer.json',
  vocab: 'vocab.json',
  merges: 'merges.txt',
  vocabText: 'vocab.txt',
  bpe: 'bpe_simple_vocab_16e6.txt',
  tokenizerConfig: 'tokenizer_config.json',
  specialTokensMap: 'special_tokens_map.json',
  addedTokens: 'added_tokens.json',
  config: 'config.json',
} as const;
const spiece = 'spiece.model';

/** The largest published one has 33 MB; a vocabulary alone has 5. */
const limits: Readonly<Record<string, FileLimit>> = {
  [textFiles.tokenizerJson]: { code: 'CONFIG_INVALID', maxBytes: 2 ** 27 },
};
const limit: FileLimit = { code: 'CONFIG_INVALID', maxBytes: 2 ** 25 };

/**
 * A tokenizer made of a model's files, which lets the event loop turn. A model without any still opens, for images: its
 * texts are refused with `NOT_FOUND`.
 */
export async function tokenizerOf(
  files: Files,
  make: (found: TokenizerFiles) => Pick<Tokenizer, 'inTurns'>,
  signal?: AbortSignal,
): Promise<Preprocessor<string, TextBatch>> {
  const found = await tokenizerFiles(files, signal);
  if (found.tokenizerJson || found.vocab || found.vocabText || found.bpe || found.spiece) return make(found).inTurns;
  const names = [...Object.values(textFiles).slice(0, 5), spiece].join(', ');
  return () => {
    throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: `a tokenizer (${names})`, got: 'none' });
  };
}

async function tokenizerFiles(files: Files, signal?: AbortSignal): Promise<TokenizerFiles> {
  const entries = Object.entries(textFiles).map(async ([key, name]) => [
    key,
    await readText(files, name, signal, limits[name] ?? limit),
  ]);
  const found = [...(await Promise.all(entries)), ['spiece', await readBytes(files, spiece, signal, limit)]];
  return Object.fromEntries(found.filter(([, content]) => content !== undefined)) as TokenizerFiles;
}
