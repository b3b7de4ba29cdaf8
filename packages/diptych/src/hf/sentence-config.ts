import { configReader, type ConfigReader, parseJsonObject, refuseSettings } from '@diptych/core';
import type { Files } from '@diptych/files';
import { bytesOf } from '../model-json.ts';

const file = 'sentence_bert_config.json';

/** Arguments for Python's constructors, and what sentence-transformers does beside embedding a text as it is. */
const neutral = {
  config_args: [{}],
  config_kwargs: [{}],
  document_length: [],
  model_args: [{}],
  model_kwargs: [{}],
  module_output_name: ['sentence_embedding', 'token_embeddings'],
  processing_kwargs: [{}],
  processor_kwargs: [{}],
  query_expansion: [],
  query_length: [],
  tokenizer_args: [{}],
  transformer_task: ['feature-extraction'],
};

/** What is called on the network for each modality, and what is taken of its output. */
const features = {
  text: { method: ['forward', 'get_text_features'], method_output_name: ['last_hidden_state', 'pooler_output'] },
  image: { method: ['get_image_features'], method_output_name: ['pooler_output'] },
};

/**
 * `sentence_bert_config.json`, which is empty where there is no such file.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a setting that is not obeyed.
 */
export async function readSentenceConfig(files: Files, signal?: AbortSignal): Promise<ConfigReader> {
  const source = await files.open(file, signal);
  // Older versions of sentence-transformers named it after the network.
  const where = `${files.id}/${source?.name.match(/sentence_[a-z-]+_config\.json$/)?.[0] ?? file}`;
  const bytes = source && (await bytesOf(source, where, signal));
  const config = configReader(bytes ? parseJsonObject(bytes, where) : {}, where);
  refuseSettings(config, neutral);
  const modalities = config.object('modality_config');
  refuseSettings(modalities.object('text'), features.text);
  refuseSettings(modalities.object('image'), features.image);
  return config;
}
