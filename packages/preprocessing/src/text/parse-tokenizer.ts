import { EmbeddingError, quote } from '@diptych/core';
import { bertTokenizer } from './bert-tokenizer.ts';
import { clipTokenizer } from './clip-tokenizer.ts';
import { isClipPipeline } from './clip-pipeline.ts';
import { invalid, jsonFile, jsonObject } from './config-file.ts';
import { modelType } from './json-model.ts';
import { jsonPadId, jsonTokenizer, type TokenizerOptions } from './json-tokenizer.ts';
import { mergesText } from './merge-table.ts';
import { postProcessor } from './post-processor.ts';
import { siglipTokenizer } from './siglip-tokenizer.ts';
import { siglip2Tokenizer } from './siglip2-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { openedJson, tokenizerClass } from './tokenizer-class.ts';
import { expectFiles, modelMaxLength, parsedFiles, type TokenizerFiles } from './tokenizer-files.ts';

const supported =
  'CLIP, ModernBERT and RoBERTa (BPE over bytes), BERT (WordPiece), SigLIP (Unigram), SigLIP2 (BPE with byte fallback)';

/**
 * The tokenizer that a model's files describe. `tokenizer.json` tells by its model; rows of unigram and of BPE with byte
 * fallback are laid out as SigLIP's unless the `tokenizer_class` of `tokenizer_config.json` is another family's. Without
 * `tokenizer.json`, `spiece.model` is SigLIP's, `vocab.txt` BERT's, and the pair of `vocab.json` and `merges.txt` is RoBERTa's
 * where its class is named, else CLIP's, as `bpe_simple_vocab_16e6.txt` is.
 *
 * Text is cleaned as Hugging Face does. For open_clip's ways call `clipTokenizer` or `siglipTokenizer`.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for another model or a step that is not known here, by its name;
 *   `CONFIG_INVALID` for a malformed file, with the place.
 */
export function parseTokenizer(files: TokenizerFiles, options: TokenizerOptions = {}): Tokenizer {
  expectFiles(files, options);
  const read = asOneFile(parsedFiles(files));
  const { tokenizerJson } = read;
  const opened = tokenizerJson === undefined ? read : { ...read, tokenizerJson: openedJson(read, tokenizerJson) };
  return family(opened)(opened, options);
}

/** RoBERTa's vocabulary and merges as they stand in `tokenizer.json`. */
function asOneFile(files: TokenizerFiles): TokenizerFiles {
  const { tokenizerJson, vocab, merges } = files;
  if (tokenizerJson !== undefined || vocab === undefined || tokenizerClass(files) !== 'RobertaTokenizer') return files;
  const { count, pair } = mergesText(merges ?? invalid('tokenizer', 'merges.txt', merges));
  const model = { type: 'BPE', vocab, merges: Array.from({ length: count }, (_, i) => pair(i)) };
  return { ...files, tokenizerJson: { model } };
}

type Family = (files: TokenizerFiles, options: TokenizerOptions) => Tokenizer;

function family(files: TokenizerFiles): Family {
  if (files.tokenizerJson !== undefined) return jsonFamily(files);
  if (files.spiece !== undefined) return siglipTokenizer;
  if (files.vocabText !== undefined) return bertTokenizer;
  return clipTokenizer;
}

function jsonFamily(files: TokenizerFiles): Family {
  const json = jsonFile(files.tokenizerJson ?? {}, 'tokenizer.json');
  const { end_of_word_suffix: suffix, byte_fallback: fallback } = jsonObject(json['model'], 'tokenizer.json, model');
  const type = modelType(json['model']);
  const name = tokenizerClass(files);
  const isSiglip = /^(Siglip|T5|Gemma|$)/.test(name);
  if (type === 'WordPiece') return bertTokenizer;
  if (type === 'BPE' && suffix === '</w>') {
    return name === 'CLIPTokenizer' || isClipPipeline(json) ? clipTokenizer : clipLayout;
  }
  if (type === 'BPE' && fallback === true) return isSiglip ? siglip2Tokenizer : jsonTokenizer;
  if (type === 'BPE' && isOverBytes(json['pre_tokenizer'])) return jsonTokenizer;
  if (type === 'Unigram') return isSiglip ? siglipTokenizer : jsonTokenizer;
  const got = type === 'BPE' ? 'BPE without byte fallback or word ends' : quote(type);
  throw new EmbeddingError('UNSUPPORTED', { where: 'tokenizer.json, model', expected: supported, got });
}

/** Whether a pre-tokeniser writes bytes as symbols, as GPT-2's does, so that every text is made of tokens. */
function isOverBytes(value: unknown): boolean {
  const { type, pretokenizers } = jsonObject(value ?? {}, 'tokenizer.json, pre_tokenizer');
  return type === 'ByteLevel' || (Array.isArray(pretokenizers) && pretokenizers.some(isOverBytes));
}

/** What a file says step by step, in rows as CLIP has them. */
function clipLayout(files: TokenizerFiles, options: TokenizerOptions): Tokenizer {
  const { contextLength = modelMaxLength(files) ?? 77, padding = 'max_length', padId } = options;
  const end = postProcessor(jsonFile(files.tokenizerJson ?? {}, 'tokenizer.json')['post_processor'], 'post_processor');
  return jsonTokenizer(files, {
    ...options,
    contextLength,
    padding,
    padId: padId ?? jsonPadId(files, end.after.at(-1) ?? 0),
  });
}
