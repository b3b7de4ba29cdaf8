import { addedToken, type Found } from './added-tokens.ts';
import { invalid, type Json, jsonFile } from './config-file.ts';
import { jsonTokenizer, type TokenizerOptions } from './json-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { declaredToken, expectFiles, type SpecialToken, type TokenizerFiles } from './tokenizer-files.ts';

/**
 * BERT's WordPiece tokenizer, as for MiniLM and Chinese-CLIP: `[CLS]`, ids, `[SEP]`, padding. A row too long keeps
 * `[SEP]`. By default rows are padded to the longest with `[PAD]`, and cut at 512 ids.
 *
 * @param files `tokenizerJson`, or `vocabText` with `tokenizerConfig` for its flags (`do_lower_case` is true by default).
 * @throws {EmbeddingError} `CONFIG_INVALID` when a file is malformed or lacks a special token.
 */
export function bertTokenizer(files: TokenizerFiles, options: TokenizerOptions = {}): Tokenizer {
  expectFiles(files, options);
  return jsonTokenizer({ ...files, tokenizerJson: files.tokenizerJson ?? bertJson(files) }, options);
}

/** The `tokenizer.json` of a `vocab.txt`. */
function bertJson(files: TokenizerFiles): Json {
  const lines = (files.vocabText ?? invalid('bert tokenizer', 'tokenizer.json or vocab.txt', undefined)).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const vocab = new Map<string, number>();
  for (const [id, token] of lines.entries()) vocab.set(token, id);
  const token = (key: SpecialToken, usual: string): Found => {
    const found = declaredToken(files, key) ?? addedToken({ content: usual }, key);
    return { ...found, id: vocab.get(found.content) ?? invalid('vocab.txt', 'every special token', found.content) };
  };
  const [cls, sep] = [token('cls_token', '[CLS]'), token('sep_token', '[SEP]')];
  const [unk, pad, mask] = [token('unk_token', '[UNK]'), token('pad_token', '[PAD]'), token('mask_token', '[MASK]')];
  const config = files.tokenizerConfig === undefined ? {} : jsonFile(files.tokenizerConfig, 'tokenizer_config.json');
  return {
    added_tokens: [pad, unk, cls, sep, mask],
    normalizer: {
      type: 'BertNormalizer',
      lowercase: config['do_lower_case'] !== false,
      strip_accents: config['strip_accents'],
      handle_chinese_chars: config['tokenize_chinese_chars'] !== false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', cls: [cls.content, cls.id], sep: [sep.content, sep.id] },
    model: { type: 'WordPiece', vocab, unk_token: unk.content },
    padding: { pad_id: pad.id },
  };
}
