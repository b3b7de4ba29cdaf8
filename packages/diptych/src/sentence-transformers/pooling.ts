import { type ConfigReader, EmbeddingError, quote } from '@diptych/core';
import type { TokenPooling } from '@diptych/text-encoder';

/** The flags of older files, in the order in which their vectors stand; newer ones name the mode. */
const flags: readonly (readonly [flag: string, pooling: TokenPooling])[] = [
  ['pooling_mode_cls_token', 'cls'],
  ['pooling_mode_max_tokens', 'max'],
  ['pooling_mode_mean_tokens', 'mean'],
  ['pooling_mode_mean_sqrt_len_tokens', 'mean_sqrt_len'],
  ['pooling_mode_weightedmean_tokens', 'weightedmean'],
  ['pooling_mode_lasttoken', 'last'],
];

const modes: ReadonlyMap<unknown, TokenPooling> = new Map([
  ['cls', 'cls'],
  ['max', 'max'],
  ['mean', 'mean'],
  ['mean_sqrt_len_tokens', 'mean_sqrt_len'],
  ['weightedmean', 'weightedmean'],
  ['lasttoken', 'last'],
]);

/**
 * The modes of a pooling module's `config.json`, whose vectors stand one after the other. With nothing said it is the
 * mean, as in sentence-transformers.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a mode that sentence-transformers does not have.
 */
export function poolingOf(config: ConfigReader): readonly TokenPooling[] {
  const named = config.value('pooling_mode') ?? undefined;
  if (named === undefined) {
    const on = flags.filter(([flag]) => config.flag(flag, false)).map(([, pooling]) => pooling);
    return on.length > 0 ? on : ['mean'];
  }
  const list: readonly unknown[] = Array.isArray(named) ? named : [named];
  const poolings = list.flatMap((mode) => modes.get(mode) ?? []);
  if (poolings.length === list.length && list.length > 0) return poolings;
  const expected = `one or several of ${[...modes.keys()].join(', ')}`;
  throw new EmbeddingError('UNSUPPORTED', { where: `${config.where}: pooling_mode`, expected, got: quote(named) });
}
