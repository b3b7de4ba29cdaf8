import { atOnce } from '@diptych/core';
import { addedToken, addedTokenSplitter, type Found } from './added-tokens.ts';
import { canonicalizeCased, canonicalizeHf, canonicalizeOpenClip } from './canonicalize.ts';
import { invalid, type Json, jsonFile, type JsonFile } from './config-file.ts';
import type { EncoderParts, Model } from './encoder.ts';
import { filedTokens } from './filed-tokens.ts';
import { jsonPipeline } from './json-pipeline.ts';
import { jsonPadId, pipelineTokenizer, rowLayout, type TokenizerOptions } from './json-tokenizer.ts';
import { spieceEncoder } from './spiece-encoder.ts';
import { spieceModel } from './spiece-model.ts';
import { spaceMark, spieceNormalizer } from './spiece-normalizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { declaredToken, expectFiles, type SpecialToken, type TokenizerFiles } from './tokenizer-files.ts';

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
  expectFiles(files, options);
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

function settings({ tokenizerConfig }: TokenizerFiles): Json {
  return tokenizerConfig === undefined ? {} : jsonFile(tokenizerConfig, 'tokenizer_config.json');
}

/** `legacy: false` takes the space off that the model would put before a text. */
function isLegacy(files: TokenizerFiles): boolean {
  return settings(files)['legacy'] !== false;
}

function canonicalizer(files: TokenizerFiles): (text: string) => string {
  const config = settings(files);
  return config['do_lower_case'] === false ? canonicalizeCased : canonicalizeHf;
}

/** Special tokens, and the cleaned text between them; only the first part begins with a mark for a space. */
function hfParts(tokens: readonly Found[], clean: (text: string) => string): EncoderParts['parts'] {
  const split = addedTokenSplitter(tokens, (text) => text);
  return (text) => {
    const parts = [...split(spaceMark + text.replaceAll(spaceMark, ' '))];
    return parts.map((part) => (typeof part === 'string' ? clean(part) : part));
  };
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
  const padId = special('pad_token', end.content).id;
  const [encode, frame, size] = [spieceEncoder(model), { before: [], after: [end.id] }, model.pieces.length];
  if (clean !== 'hf')
    return { parts: { parts: (text) => [normalize(clean(text))], model: encode, size, frame }, padId };
  const unknown = special('unk_token', '<unk>');
  const ids = new Map(model.pieces.map(({ text }, id) => [text, id]));
  const listed = [end, unknown].toSorted((a, b) => a.id - b.id);
  const parts = hfParts(filedTokens(files, ids, listed), canonicalizer(files));
  // As transformers does: the unknown token goes before each part, so that no space is put there, and comes off again.
  const alone = isLegacy(files) ? normalize : spieceNormalizer({ ...model, addDummyPrefix: false });
  const before = atOnce(encode(alone(unknown.content))).length;
  const part: Model = function* (text) {
    const row = yield* encode(alone(unknown.content + text));
    return row.length < before ? row : row.slice(before);
  };
  return { parts: { parts, model: part, size, frame: { ...frame, isOnce: true } }, padId };
}
