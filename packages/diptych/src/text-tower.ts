import { type Encoder, expectMembers, type Preprocessor, type TextBatch } from '@diptych/core';
import { type Prompts, promptText } from './prompts.ts';
import { refuseOptions, type Tower } from './tower.ts';

export interface TextTowerParts {
  readonly encoder: Encoder<TextBatch>;
  readonly preprocess: Preprocessor<string, TextBatch>;
  /** Those that the model's files name. Default none. */
  readonly prompts?: Prompts | undefined;
}

/** A tower of texts, with a prompt before each where one is asked for. */
export function textTower(parts: TextTowerParts): Tower<string, string, TextBatch> {
  expectMembers(parts, 'textTower', 'encoder', 'preprocess');
  const { encoder, preprocess, prompts = {} } = parts;
  return {
    encoder,
    isItem: (value) => typeof value === 'string',
    check(options) {
      refuseOptions(options, ['decode'], 'texts');
      promptText(prompts, options.prompt);
    },
    async preprocess(texts, signal, { prompt: asked } = {}) {
      const prompt = promptText(prompts, asked);
      if (prompt === '') return preprocess(texts, signal);
      // What is no string is the tokenizer's to refuse.
      const prompted = texts.map((text) => (typeof text === 'string' ? prompt + text : text));
      const batch = await preprocess(prompted, signal);
      if (prompts.pooled ?? true) return batch;
      const alone = await preprocess([prompt], signal);
      // As sentence-transformers counts: the prompt's row without the token that ends it.
      return withoutFirst(batch, alone.mask.reduce((sum, one) => sum + one, 0) - 1);
    },
  };
}

/** A batch whose first tokens do not count when a text becomes one vector. */
function withoutFirst(batch: TextBatch, count: number): TextBatch {
  const length = batch.shape[1];
  return { ...batch, pooled: batch.mask.map((one, i) => (i % length < count ? 0 : one)) };
}
