import { describeGolden, given, goldenJson } from '@diptych/golden';
import { expectClose, numbers, readTensors } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { joinSpectra, logMel, type LogMelConfig, parseAudioProcessor, type Sound } from '../../src/audio.ts';

const expectedOf = async () => readTensors('oracles2/clap/expected.safetensors');
const config = async (name: string) => parseAudioProcessor(await goldenJson(`oracles2/clap/${name}.json`));
const soundOf = (samples: readonly number[], sampleRate: number): Sound => ({
  samples: Float32Array.from(samples),
  sampleRate,
});

/** Decibels, as the reference asks for. */
const tolerance = 1e-3;

describeGolden('log-mel spectra', () => {
  it('are those of transformers: a whole sound, one repeated, one repeated and then silent', async () => {
    const expected = await expectedOf();
    const own = await config('preprocessor_config');
    const spectrum = logMel(own);
    const all = [0, 1, 2].map((i) => spectrum(soundOf(numbers(expected, `in.waveform_${i}`), own.sampleRate)));
    const { spectra, shape } = joinSpectra(all);
    expect(shape).toEqual([3, 201, 16]);
    expectClose(spectra, numbers(expected, 'in.input_features'), tolerance);
  });

  it('are those of transformers at the setting of the published model', async () => {
    const expected = await expectedOf();
    const own = await config('preprocessor_config_published');
    const { spectra, shape } = logMel(own)(soundOf(numbers(expected, 'published.in.waveform'), 48_000));
    expect(shape).toEqual([1, 1001, 64]);
    expectClose(spectra.subarray(0, 120 * 64), numbers(expected, 'published.input_features_frames_0_119'), tolerance);
    expectClose(spectra.subarray(940 * 64), numbers(expected, 'published.input_features_frames_940_1000'), tolerance);
  });
});

const small: LogMelConfig = {
  sampleRate: 800,
  fftSize: 16,
  hop: 8,
  bins: 4,
  lowest: 0,
  highest: 400,
  samples: 40,
  padding: 'repeatpad',
};
const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * i));
const spectraOf = (samples: Float32Array, changed: Partial<LogMelConfig> = {}) =>
  logMel({ ...small, ...changed })({ samples, sampleRate: 800 }).spectra;

it('repeats a short sound, or not, and keeps the beginning of a long one', () => {
  const [own, twice] = [wave(15), new Float32Array(40)];
  twice.set(own);
  twice.set(own, 15);
  expect(spectraOf(own)).toEqual(spectraOf(twice));
  const silent = new Float32Array(40);
  silent.set(own);
  expect(spectraOf(own, { padding: 'pad' })).toEqual(spectraOf(silent));
  const often = twice.slice();
  often.set(own.subarray(0, 10), 30);
  expect(spectraOf(own, { padding: 'repeat' })).toEqual(spectraOf(often));
  expect(spectraOf(wave(90))).toEqual(spectraOf(wave(40)));
});

it('silence is -100 dB in every bin', () => {
  expect([...new Set(spectraOf(new Float32Array(3)))]).toEqual([-100]);
});

it.each<[string, unknown]>([
  ['another rate', { samples: wave(4), sampleRate: 801 }],
  ['no rate', { samples: wave(4) }],
  ['no samples', { samples: new Float32Array(0), sampleRate: 800 }],
  ['whole numbers', { samples: Int16Array.of(1), sampleRate: 800 }],
  ['what is not a number', { samples: Float32Array.of(0, Number.NaN), sampleRate: 800 }],
  ['what is infinite', { samples: Float32Array.of(0, Infinity), sampleRate: 800 }],
])('a sound with %s is refused', (_, sound) => {
  expect(() => logMel(small)(given(sound))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
});

it.each<Partial<LogMelConfig>>([
  { fftSize: 15 },
  { fftSize: 2 ** 17 },
  { samples: 8 },
  { samples: 2 ** 27 },
  { hop: 0 },
  { hop: 41 },
  { bins: 2 ** 22 },
  { bins: 1.5 },
  { lowest: 400 },
  { lowest: -1 },
  { highest: 401 },
  { sampleRate: 0 },
])('a setting of %j is refused', (wrong) => {
  expect(() => logMel({ ...small, ...wrong })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

it.each<[string, object]>([
  ['UNSUPPORTED', {}],
  ['UNSUPPORTED', { truncation: 'fusion' }],
  ['UNSUPPORTED', { top_db: 80 }],
  ['UNSUPPORTED', { feature_extractor_type: 'WhisperFeatureExtractor' }],
  ['CONFIG_INVALID', { padding: 'reflect' }],
  ['CONFIG_INVALID', { hop_length: 0 }],
])('%s: a feature extractor with %j', (code, changed) => {
  const usual = 'truncation' in changed || Object.keys(changed).length === 0 ? {} : { truncation: 'rand_trunc' };
  expect(() => parseAudioProcessor({ ...usual, ...changed })).toThrow(expect.objectContaining({ code }));
});
