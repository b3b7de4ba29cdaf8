import { invalid, jsonFile } from './config-file.ts';
import { jsonIds } from './json-ids.ts';
import { jsonPipeline } from './json-pipeline.ts';
import { jsonPadId, pipelineTokenizer, rowLayout, type TokenizerOptions } from './json-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { declaredToken, expectFiles, type TokenizerFiles } from './tokenizer-files.ts';

/**
 * SigLIP2's tokenizer, Gemma's BPE with byte fallback: lower case, ids, `<eos>`, padding to 64 ids with `<pad>`; no
 * `<bos>`, whatever the file says. A row too long keeps `<eos>`.
 *
 * Lower case as SigLIP2 was trained with it; special tokens are found before. Checked against Hugging Face's library on
 * vocabularies of the same make, not on Gemma's own.
 *
 * @param files `tokenizerJson`.
 * @throws {EmbeddingError} `CONFIG_INVALID` when the file is malformed, `UNSUPPORTED` when it is of another kind.
 */
export function siglip2Tokenizer(files: TokenizerFiles, options: TokenizerOptions = {}): Tokenizer {
  expectFiles(files, options);
  const file = files.tokenizerJson ?? invalid('siglip2 tokenizer', 'tokenizer.json', undefined);
  const json = jsonFile(file, 'tokenizer.json');
  const lowercase = { type: 'Lowercase' };
  const normalizers = json['normalizer'] ? [lowercase, json['normalizer']] : [lowercase];
  const pipeline = jsonPipeline({ ...json, post_processor: null, normalizer: { type: 'Sequence', normalizers } });
  const content = declaredToken(files, 'eos_token')?.content ?? '<eos>';
  const end = jsonIds(json).added.find((token) => token.content === content);
  if (!end) invalid('tokenizer.json, added_tokens', 'the end token', content);
  const layout = rowLayout(files, options, { contextLength: 64, padding: 'max_length', padId: jsonPadId(files, 0) });
  return pipelineTokenizer({ ...pipeline, frame: { before: [], after: [end.id] } }, layout);
}
