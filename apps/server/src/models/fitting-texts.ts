import type { TextBatch } from '@diptych/core';
import type { EmbeddingSpace } from 'diptych';
import type { BatchRows, Truncate } from './messages.ts';

interface FittingTexts extends Pick<BatchRows, 'tokens' | 'skipped'> {
  readonly batch: TextBatch;
}

/** Texts as a batch of tokens, those that are too long without their end or their start, or left out. */
export async function fittingTexts(
  space: Pick<EmbeddingSpace, 'tokenize'>,
  texts: readonly string[],
  truncate: Truncate,
  signal: AbortSignal,
): Promise<FittingTexts> {
  const whole = await space.tokenize(texts, { signal });
  const { cut, shape } = whole;
  if (truncate === 'END' || cut === undefined) return { batch: whole, tokens: counts(whole), skipped: [] };
  const isCut = (_: unknown, at: number): boolean => cut[at] === 1;
  if (truncate === 'NONE') {
    const fitting = texts.filter((_, at) => cut[at] === 0);
    const batch = await space.tokenize(fitting, { signal });
    const error = { mostTokens: shape[1] }; // A text that was cut fills its row.
    const skipped = [...texts.keys()].filter(isCut).map((at) => ({ at, error }));
    return { batch, tokens: counts(batch), skipped };
  }
  const endings = texts.map(async (text, at) => (cut[at] === 1 ? ending(space, text, signal) : text));
  const batch = await space.tokenize(await Promise.all(endings), { signal });
  return { batch, tokens: counts(batch), skipped: [] };
}

/** The longest end of a text that fits, found by doubling and halving: none is read that is much longer. */
async function ending(space: Pick<EmbeddingSpace, 'tokenize'>, text: string, signal: AbortSignal): Promise<string> {
  const last = (letters: number): string => {
    const from = text.length - letters;
    const isSplit = /[\udc00-\udfff]/.test(text[from] ?? '') && /[\ud800-\udbff]/.test(text[from - 1] ?? '');
    return text.slice(isSplit ? from + 1 : from);
  };
  const fits = async (letters: number): Promise<boolean> =>
    (await space.tokenize(last(letters), { signal })).cut === undefined;
  let [most, over] = [0, 64];
  while (over < text.length && (await fits(over))) [most, over] = [over, 2 * over];
  over = Math.min(over, text.length);
  while (over - most > 1) {
    const middle = (most + over) >> 1;
    if (await fits(middle)) most = middle;
    else over = middle;
  }
  return last(most);
}

/** Tokens of each text. */
function counts({ mask, shape: [n, length] }: TextBatch): number[] {
  return Array.from({ length: n }, (_, i) => mask.subarray(i * length, (i + 1) * length).reduce((a, b) => a + b, 0));
}
