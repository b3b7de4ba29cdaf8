import { type ConfigReader, configReader, refuseSettings } from '@diptych/core';
import type { Json } from '../model-json.ts';

/**
 * The `config.json` of a model of transformers.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for weights that are quantised as the configuration says.
 */
export function hfModelConfig(json: Json, where: string): ConfigReader {
  const config = configReader(json, where);
  refuseSettings(config, { quantization_config: [] });
  return config;
}
