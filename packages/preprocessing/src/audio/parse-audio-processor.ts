import { configReader, EmbeddingError, isObject, quote, refuseSettings } from '@diptych/core';
import type { LogMelConfig } from './log-mel.ts';

const file = 'preprocessor_config.json';

/** What is obeyed in one way alone. */
const only = {
  // With `fusion` four spectra stand for a sound, three of them cut at random.
  truncation: ['rand_trunc'],
  top_db: [],
  padding_side: ['right'],
  padding_value: [0],
};

/**
 * How sounds become spectra, of the JSON of a `preprocessor_config.json` of `ClapFeatureExtractor`. What is left out has its defaults.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for another class, for spectra that are fused, or a limit of decibels; `CONFIG_INVALID` for a
 *   value of the wrong kind.
 */
export function parseAudioProcessor(json: unknown): LogMelConfig {
  if (!isObject(json))
    throw new EmbeddingError('CONFIG_INVALID', { where: file, expected: 'an object', got: quote(json) });
  const config = configReader(json, file);
  const type = config.string('feature_extractor_type', 'ClapFeatureExtractor');
  if (type !== 'ClapFeatureExtractor') {
    const where = `${file}: feature_extractor_type`;
    throw new EmbeddingError('UNSUPPORTED', { where, expected: 'ClapFeatureExtractor', got: type });
  }
  refuseSettings(configReader({ truncation: 'fusion', ...json }, file), only);
  const sampleRate = config.count('sampling_rate', 48_000);
  return {
    sampleRate,
    fftSize: config.count('fft_window_size', 1024),
    hop: config.count('hop_length', 480),
    bins: config.count('feature_size', 64),
    lowest: config.number('frequency_min', 0),
    highest: config.number('frequency_max', 14_000),
    samples: config.count('max_length_s', 10) * sampleRate,
    padding: config.choice('padding', { repeatpad: 'repeatpad', repeat: 'repeat', pad: 'pad' } as const, 'repeatpad'),
  };
}
