import { integer, invalid, tokenId, type Json, type JsonFile, jsonFile } from './config-file.ts';
import { checkTable, encoder, type EncoderParts } from './encoder.ts';
import { checkIds, jsonIds } from './json-ids.ts';
import { jsonPipeline } from './json-pipeline.ts';
import { type Padding, type RowLayout, type Tokenizer, tokenizer } from './tokenizer.ts';
import { declaredToken, expectFiles, modelMaxLength, paddingId, type TokenizerFiles } from './tokenizer-files.ts';

export interface TokenizerOptions {
  /** Ids to a row at most, special tokens included. Default: `model_max_length` of the files, else the family's. */
  readonly contextLength?: number;
  readonly padding?: Padding;
  /** Default: the pad token of the files, else the family's. */
  readonly padId?: number;
  /** Tokens that the network knows; a tokenizer that gives others is refused. Default: any. */
  readonly vocabSize?: number;
  /** Texts to lower case before what the files say, as sentence-transformers does where `do_lower_case` is set. */
  readonly lowerCase?: boolean;
}

/**
 * A tokenizer that does what its `tokenizer.json` says, step by step: WordPiece, unigram, or BPE over characters. The
 * mask is 0 for padding alone. By default rows are padded to the longest, and cut at 512 ids.
 *
 * @throws {EmbeddingError} `UNSUPPORTED`, with the place and the type, for a step that is not known here;
 *   `CONFIG_INVALID` for a malformed one.
 */
export function jsonTokenizer(files: TokenizerFiles, options: TokenizerOptions = {}): Tokenizer {
  expectFiles(files, options);
  const file = files.tokenizerJson ?? invalid('tokenizer', 'tokenizer.json', undefined);
  const defaults = { contextLength: 512, padding: 'longest', padId: jsonPadId(files, 0) } as const;
  const pipeline = jsonPipeline(options.lowerCase === true ? lowerCased(file) : file);
  return pipelineTokenizer(pipeline, rowLayout(files, options, defaults));
}

/** Added tokens are found first, and stay as they are. */
function lowerCased(file: JsonFile): Json {
  const json = jsonFile(file, 'tokenizer.json');
  const first = { type: 'Lowercase' };
  const normalizers = json['normalizer'] ? [first, json['normalizer']] : [first];
  return { ...json, normalizer: { type: 'Sequence', normalizers } };
}

/** A tokenizer from what becomes of one text and how rows are laid out. */
export function pipelineTokenizer(parts: EncoderParts, layout: RowLayout): Tokenizer {
  const framing = parts.frame.before.length + parts.frame.after.length;
  integer(layout.contextLength, 'contextLength', Math.max(1, framing));
  checkTable(parts, layout);
  return tokenizer(encoder(parts, layout.contextLength), layout);
}

/** What the caller says of rows, or else the files, or else the family. */
export function rowLayout(files: TokenizerFiles, options: TokenizerOptions, family: RowLayout): RowLayout {
  const { contextLength = modelMaxLength(files) ?? family.contextLength, padding = family.padding } = options;
  return {
    contextLength,
    padding,
    padId: tokenId(options.padId ?? family.padId, 'padId'),
    vocabSize: options.vocabSize,
  };
}

/** The id of the declared pad token where `tokenizer.json` lists it, or the one it pads with; else `usual`. */
export function jsonPadId(files: TokenizerFiles, usual: number): number {
  const json = jsonFile(files.tokenizerJson ?? {}, 'tokenizer.json');
  const declared = declaredToken(files, 'pad_token')?.content;
  const ids = jsonIds(json);
  const id = ids.added.find(({ content }) => content === declared)?.id ?? paddingId(json);
  checkIds(id === undefined ? [] : [id], ids, 'tokenizer.json, padding');
  return id ?? usual;
}
