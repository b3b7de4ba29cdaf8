import { addedTokenSplitter } from './added-tokens.ts';
import { type Json, jsonFile, type JsonFile } from './config-file.ts';
import type { EncoderParts } from './encoder.ts';
import { checkIds, jsonIds } from './json-ids.ts';
import { jsonModel } from './json-model.ts';
import { normalizer } from './normalizer.ts';
import { postProcessor } from './post-processor.ts';
import { preTokenizer } from './pre-tokenizer.ts';

/**
 * What a `tokenizer.json` says, step by step: added tokens, normaliser, pre-tokeniser, model, post-processor.
 *
 * @throws {EmbeddingError} `UNSUPPORTED`, with the place and the type, for a step that is not known here;
 *   `CONFIG_INVALID` for a malformed one.
 */
export function jsonPipeline(file: JsonFile): EncoderParts {
  const json: Json = jsonFile(file, 'tokenizer.json');
  const normalize = normalizer(json['normalizer'], 'tokenizer.json, normalizer');
  const cut = preTokenizer(json['pre_tokenizer'], 'tokenizer.json, pre_tokenizer');
  const ids = jsonIds(json);
  const frame = postProcessor(json['post_processor'], 'tokenizer.json, post_processor');
  checkIds([...frame.before, ...frame.after], ids, 'tokenizer.json, post_processor');
  const split = addedTokenSplitter(ids.added, normalize);
  return {
    *parts(text) {
      let isFirst = true;
      for (const part of split(text)) {
        if (typeof part !== 'string') yield part;
        else if (part !== '') yield* cut(part, isFirst);
        isFirst &&= part === undefined;
      }
    },
    model: jsonModel(json['model']),
    size: ids.size,
    frame,
  };
}
