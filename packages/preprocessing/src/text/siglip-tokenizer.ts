import { addedToken, addedTokenSplitter, type Found } from './added-tokens.ts';
import { canonicalizeHf, canonicalizeOpenClip } from './canonicalize.ts';
import { invalid, type JsonFile } from './config-file.ts';
import type { EncoderParts } from './encoder.ts';
import { jsonPipeline } from './json-pipeline.ts';
import { jsonPadId, pipelineTokenizer, rowLayout, type TokenizerOptions } from './json-tokenizer.ts';
import { spieceEncoder } from './spiece-encoder.ts';
import { spieceModel } from './spiece-model.ts';
import { spieceNormalizer } from './spiece-normalizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { declaredToken, type SpecialToken, type TokenizerFiles } from './tokenizer-files.ts';

export interface SiglipTokenizerOptions extends TokenizerOptions {
  /**
   * What happens to a text first. `hf`: lower case, no ASCII punctuation, single spaces; with `tokenizerJson`, what that
   * file says. `open_clip`: repair of text and HTML entities, `_` to a space, then the same. Or a function of one's own.
   * Default `hf`.
   */
  readonly clean?: 'hf' | 'open_clip' | ((text: string) => string);
}

/**
 * SigLIP's SentencePiece tokenizer: ids, `</s>`, padding to 64 ids with `</s>`. A row too long keeps `</s>`. SigLIP reads
 * the last position without a mask, so `padding: 'longest'` changes its embeddings.
 *
 * @param files `tokenizerJson` (unigram), or `spiece`; of both the first.
 * @throws {EmbeddingError} `CONFIG_INVALID` when a file is malformed, `UNSUPPORTED` when it is of another kind.
 */
export function siglipTokenizer(files: TokenizerFiles, options: SiglipTokenizerOptions = {}): Tokenizer {
  const { clean = 'hf' } = options;
  const cleaner = clean === 'open_clip' ? canonicalizeOpenClip : clean;
  const { tokenizerJson } = files;
  const { parts, padId } =
    tokenizerJson === undefined ? fromSpiece(files, cleaner) : fromJson(files, tokenizerJson, cleaner);
  return pipelineTokenizer(parts, rowLayout(files, options, { contextLength: 64, padding: 'max_length', padId }));
}

type Cleaner = 'hf' | ((text: string) => string);

interface Made {
  readonly parts: EncoderParts;
  readonly padId: number;
}

function fromJson(files: TokenizerFiles, json: JsonFile, clean: Cleaner): Made {
  const pipeline = jsonPipeline(json);
  const [end, ...rest] = pipeline.frame.after;
  if (end === undefined || rest.length > 0) invalid('tokenizer.json, post_processor', 'one id after a text', rest);
  const parts = clean === 'hf' ? pipeline : { ...pipeline, parts: (text: string) => pipeline.parts(clean(text)) };
  return { parts, padId: jsonPadId(files, end) };
}

/** In `hf`, special tokens are found before the text between them is cleaned; the other ways leave none to find. */
function fromSpiece(files: TokenizerFiles, clean: Cleaner): Made {
  const model = spieceModel(files.spiece ?? invalid('siglip tokenizer', 'tokenizer.json or spiece.model', undefined));
  const normalize = spieceNormalizer(model);
  const special = (key: SpecialToken, usual: string): Found => {
    const token = declaredToken(files, key) ?? addedToken({ content: usual }, key);
    const id = model.pieces.findIndex(({ text }) => text === token.content);
    return id < 0 ? invalid('spiece.model', 'a piece for each special token', token.content) : { ...token, id };
  };
  const end = special('eos_token', '</s>');
  const split =
    clean === 'hf'
      ? addedTokenSplitter([end, special('unk_token', '<unk>')], (text) => normalize(canonicalizeHf(text)))
      : (text: string) => [normalize(clean(text))];
  const parts = { parts: split, model: spieceEncoder(model), frame: { before: [], after: [end.id] } };
  return { parts, padId: special('pad_token', end.content).id };
}
