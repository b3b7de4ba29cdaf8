import type { ConfigReader, Json } from '@diptych/core';

/** What a `config.json` of a dual encoder says of the towers, but for what the data say; and how their words are chosen. */
export interface ModelConfig {
  readonly dim: number;
  readonly text: Json;
  readonly image: Json;
  /** Fewest captions that a word of the vocabulary occurs in. */
  readonly minCount: number;
}

/** @throws {EmbeddingError} `CONFIG_INVALID` with the path of the field. */
export function modelConfig(reader: ConfigReader): ModelConfig {
  reader.only('dim', 'minCount', 'text', 'image');
  for (const tower of ['text', 'image']) reader.object(tower).string('kind');
  return {
    dim: reader.count('dim', 256),
    minCount: reader.count('minCount', 4),
    text: reader.value('text') as Json,
    image: reader.value('image') as Json,
  };
}
