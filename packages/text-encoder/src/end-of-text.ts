import { EmbeddingError, type TextBatch } from '@diptych/core';

/**
 * Which token ends a text: the first with this id, or the first with the largest id of its text. The latter is the rule
 * of OpenAI and open_clip, and of transformers for configurations with the historical `eos_token_id: 2`.
 */
export type EndOfText = number | 'largest';

/**
 * Position of the end of each text.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a text has no end.
 */
export function endOfText({ ids, shape: [n, length] }: TextBatch, rule: EndOfText): number[] {
  return Array.from({ length: n }, (_, i) => {
    const row = ids.subarray(i * length, (i + 1) * length);
    const end = row.indexOf(rule === 'largest' ? row.reduce((a, b) => Math.max(a, b)) : rule);
    if (end < 0)
      throw new EmbeddingError('INPUT_INVALID', {
        where: `text ${i}`,
        expected: `the end-of-text id ${rule}`,
        got: 'none',
      });
    return end;
  });
}
