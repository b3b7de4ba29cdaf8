import { clipVocabulary } from './clip-vocabulary.ts';
import { hfParts, openaiParts } from './clip-parts.ts';
import { cleanOpenai } from './clip-clean.ts';
import { integer, tokenId } from './config-file.ts';
import { checkTable, encoder } from './encoder.ts';
import { type Padding, type Tokenizer, tokenizer } from './tokenizer.ts';
import { expectFiles, modelMaxLength, type TokenizerFiles } from './tokenizer-files.ts';

export interface ClipTokenizerOptions {
  /** Ids to a row, start and end included. Default: `model_max_length` of the files, else 77. */
  readonly contextLength?: number;
  /** Default `max_length`. */
  readonly padding?: Padding;
  /**
   * Default: for `hf` the pad token of the files, else the end token; for `openai` 0. CLIP's embedding does not depend
   * on it.
   */
  readonly padId?: number;
  /** Tokens that the network knows; a tokenizer that gives others is refused. Default: any. */
  readonly vocabSize?: number;
  /**
   * What happens to a text first; whose ids come out. `hf`: NFC, white space, lower case. `openai`, for open_clip too:
   * ftfy-like repair, HTML entities, white space, lower case. Or a function of one's own, as with `openai` otherwise.
   * Default `openai` for `bpe`, else `hf`.
   */
  readonly clean?: 'hf' | 'openai' | ((text: string) => string);
  /**
   * With `openai`: how a text may spell the start and the end token. Default: as the files do, which is OpenAI's
   * `<|startoftext|>` and `<|endoftext|>`; open_clip 3 reads `<start_of_text>` and `<end_of_text>`.
   */
  readonly literals?: readonly [start: string, end: string];
}

/**
 * CLIP's byte-level BPE tokenizer: start, ids, end, padding. A row too long keeps its first ids and the end token.
 *
 * The mask is 1 up to and including the first end token, the one whose embedding CLIP takes. Any string has ids: special
 * tokens spelled out in a text are those tokens, a lone surrogate counts as U+FFFD, control characters are ordinary
 * bytes (`openai` deletes them), no text at all is start and end. Time is nearly linear in the length of a text.
 *
 * @param files `tokenizerJson`, or `bpe`, or `vocab` and `merges`; of several the first. `tokenizerConfig` and
 *   `specialTokensMap` name the special tokens where the model has them.
 * @throws {EmbeddingError} `CONFIG_INVALID` when a file is malformed, with the place; `UNSUPPORTED` when it is the file
 *   of another kind of tokenizer.
 */
export function clipTokenizer(files: TokenizerFiles, options: ClipTokenizerOptions = {}): Tokenizer {
  expectFiles(files, options);
  const vocabulary = clipVocabulary(files);
  const { start, end, size } = vocabulary;
  const clean = options.clean ?? (files.tokenizerJson === undefined && files.bpe !== undefined ? 'openai' : 'hf');
  const contextLength = integer(options.contextLength ?? modelMaxLength(files) ?? 77, 'contextLength', 2);
  const padId = tokenId(options.padId ?? (clean === 'hf' ? (vocabulary.padId ?? end.id) : 0), 'padId');
  const literals = options.literals ?? [start.content, end.content];
  const parts =
    clean === 'hf'
      ? hfParts(vocabulary.added)
      : openaiParts(clean === 'openai' ? cleanOpenai : clean, { [literals[0]]: start.id, [literals[1]]: end.id });
  const frame = { before: [start.id], after: [end.id] };
  const encode = encoder({ parts, model: vocabulary.encode, size, frame }, contextLength);
  const layout = { contextLength, padding: options.padding ?? 'max_length', padId, vocabSize: options.vocabSize };
  checkTable({ size, frame }, layout);
  return tokenizer(encode, layout, (row) => row.indexOf(end.id) + 1);
}
