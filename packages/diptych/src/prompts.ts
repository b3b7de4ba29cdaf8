import { EmbeddingError, quote } from '@diptych/core';

/** Texts that a model wants before those that it embeds, as `query: `. */
export interface Prompts {
  readonly named?: Readonly<Record<string, string>>;
  /** Name of the one that goes before every text for which none is asked. */
  readonly usual?: string;
  /** Whether the prompt's own tokens count when a text becomes one vector. Default true. */
  readonly pooled?: boolean;
}

/**
 * The text of a prompt: that of its name, or itself.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a single word that is no name: surely one was meant.
 */
export function promptText({ named = {}, usual }: Prompts, prompt: unknown): string {
  if (prompt === undefined) return usual === undefined ? '' : named[usual]!;
  if (typeof prompt === 'string' && Object.hasOwn(named, prompt)) return named[prompt]!;
  if (typeof prompt === 'string' && !/^[\w-]+$/.test(prompt)) return prompt;
  const names = Object.keys(named).map((name) => `'${name}'`);
  const expected = `one of ${names.join(', ') || 'its names (the model has none)'} or a text as 'query: '`;
  throw new EmbeddingError('INPUT_INVALID', { where: 'prompt', expected, got: quote(prompt) });
}
