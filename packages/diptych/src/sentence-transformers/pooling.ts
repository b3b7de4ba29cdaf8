import { type ConfigReader, EmbeddingError } from '@diptych/core';
import type { TokenPooling } from '@diptych/text-encoder';

/** The flags of older files; newer ones name the mode. */
const flags: readonly (readonly [flag: string, pooling: TokenPooling])[] = [
  ['pooling_mode_cls_token', 'cls'],
  ['pooling_mode_max_tokens', 'max'],
  ['pooling_mode_mean_tokens', 'mean'],
  ['pooling_mode_mean_sqrt_len_tokens', 'mean_sqrt_len'],
  ['pooling_mode_lasttoken', 'last'],
];

const modes: ReadonlyMap<string, TokenPooling> = new Map([
  ['cls', 'cls'],
  ['max', 'max'],
  ['mean', 'mean'],
  ['mean_sqrt_len_tokens', 'mean_sqrt_len'],
  ['lasttoken', 'last'],
]);

/**
 * The one mode of a pooling module's `config.json`. With nothing said it is the mean, as in sentence-transformers.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for several modes, which would be concatenated, and for weighted ones.
 */
export function poolingOf(config: ConfigReader): TokenPooling {
  const value = config.value('pooling_mode');
  const named = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  if (named !== undefined && named !== null) {
    const pooling = typeof named === 'string' ? modes.get(named) : undefined;
    if (pooling) return pooling;
    throw new EmbeddingError(
      'UNSUPPORTED',
      `${config.where}: pooling_mode: expected one of ${[...modes.keys()].join(', ')}, got ${JSON.stringify(named)}`,
    );
  }
  const on = flags.filter(([flag]) => config.flag(flag, false));
  const other = ['pooling_mode_weightedmean_tokens'].find((flag) => config.flag(flag, false));
  if (!other && on.length <= 1) return on[0]?.[1] ?? 'mean';
  const got = [...on.map(([flag]) => flag), ...(other ? [other] : [])].join(', ') || 'none';
  throw new EmbeddingError(
    'UNSUPPORTED',
    `${config.where}: expected one of ${flags.map(([flag]) => flag)}, got ${got}`,
  );
}
