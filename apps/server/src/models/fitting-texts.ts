import type { TextBatch } from '@diptych/core';
import type { BatchRows, RowOptions } from './messages.ts';

/** What of a model reads texts. */
interface Reader {
  tokenize(texts: readonly string[], options: { readonly signal: AbortSignal }): Promise<TextBatch>;
}

interface FittingTexts extends Pick<BatchRows, 'tokens' | 'skipped'> {
  readonly batch: TextBatch;
}

/**
 * Texts as a batch of tokens. One of more than the model reads, or than `maxTokens`, loses its end or its start, or is left out; and
 * so is every one where `maxTokens` has no place for what the model puts around a text.
 */
export async function fittingTexts(
  space: Reader,
  texts: readonly string[],
  { truncate, maxTokens = Infinity }: Pick<RowOptions, 'truncate' | 'maxTokens'>,
  signal: AbortSignal,
): Promise<FittingTexts> {
  const whole = await space.tokenize(texts, { signal });
  const { cut, shape } = whole;
  const tokens = counts(whole);
  // What is too long for the model alone loses its end by itself.
  const isLong = (at: number): boolean => tokens[at]! > maxTokens || (truncate !== 'END' && cut?.[at] === 1);
  if (!tokens.some((_, at) => isLong(at))) return { batch: whole, tokens, skipped: [] };
  const fitting = await Promise.all(
    texts.map(async (text, at) => {
      if (!isLong(at)) return text;
      return truncate === 'NONE' ? undefined : part(space, text, { truncate, maxTokens }, signal);
    }),
  );
  const batch = await space.tokenize(
    fitting.filter((text) => text !== undefined),
    { signal },
  );
  const error = { mostTokens: Math.min(maxTokens, cut === undefined ? Infinity : shape[1]) }; // A text that was cut fills its row.
  const skipped = [...texts.keys()].filter((at) => fitting[at] === undefined).map((at) => ({ at, error }));
  return { batch, tokens: counts(batch), skipped };
}

/** The longest start or end of a text that fits, found by doubling and halving: none is read that is much longer. */
async function part(
  space: Reader,
  text: string,
  { truncate, maxTokens }: { readonly truncate: 'START' | 'END'; readonly maxTokens: number },
  signal: AbortSignal,
): Promise<string | undefined> {
  const of = (letters: number): string => {
    const at = truncate === 'START' ? text.length - letters : letters;
    const isSplit = /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '');
    return truncate === 'START' ? text.slice(isSplit ? at + 1 : at) : text.slice(0, isSplit ? at - 1 : at);
  };
  const fits = async (letters: number): Promise<boolean> => {
    const batch = await space.tokenize([of(letters)], { signal });
    return batch.cut === undefined && counts(batch)[0]! <= maxTokens;
  };
  let [most, over] = [0, 64];
  while (over < text.length && (await fits(over))) [most, over] = [over, 2 * over];
  over = Math.min(over, text.length);
  while (over - most > 1) {
    const middle = (most + over) >> 1;
    if (await fits(middle)) most = middle;
    else over = middle;
  }
  return most > 0 || (await fits(0)) ? of(most) : undefined;
}

/** Tokens of each text. */
function counts({ mask, shape: [n, length] }: TextBatch): number[] {
  return Array.from({ length: n }, (_, i) => mask.subarray(i * length, (i + 1) * length).reduce((a, b) => a + b, 0));
}
