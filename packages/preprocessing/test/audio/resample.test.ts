import { given } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { resample } from '../../src/audio.ts';
import goldens from '../golden/resample.json' with { type: 'json' };

it.each(goldens)('from $from Hz to $to Hz, as torchaudio', ({ from, to, samples, expected }) => {
  const { samples: own, sampleRate } = resample(
    { samples: Float32Array.from(samples), sampleRate: from },
    { sampleRate: to, samples: 90 },
  );
  expect([own.length, sampleRate]).toEqual([expected.length, to]);
  expectClose(own, expected, 1e-7);
});

const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * i));

it('no more is made than is asked for, of no more than it takes', () => {
  const samples = wave(1000);
  const whole = resample({ samples, sampleRate: 44_100 }, { sampleRate: 16_000 }).samples;
  samples[900] = Number.NaN;
  const { samples: part } = resample({ samples, sampleRate: 44_100 }, { sampleRate: 16_000, samples: 300 });
  expect(part).toEqual(whole.subarray(0, 300));
});

it('the same rate changes nothing', () => {
  const sound = { samples: wave(9), sampleRate: 800 };
  expect(resample(sound, { sampleRate: 800 })).toBe(sound);
  expect(resample(sound, { sampleRate: 800, samples: 4 }).samples).toEqual(sound.samples.subarray(0, 4));
});

it.each<[string, unknown, unknown]>([
  ['a rate of 0', { samples: wave(4), sampleRate: 0 }, { sampleRate: 8 }],
  ['a rate to a fraction', { samples: wave(4), sampleRate: 8 }, { sampleRate: 7.5 }],
  ['a rate of gigahertz', { samples: wave(4), sampleRate: 1e9 }, { sampleRate: 8 }],
  ['no samples', { samples: wave(0), sampleRate: 8 }, { sampleRate: 4 }],
  ['what is not a number', { samples: Float32Array.of(0, Number.NaN), sampleRate: 8 }, { sampleRate: 4 }],
  ['fewer than one sample', { samples: wave(4), sampleRate: 8 }, { sampleRate: 4, samples: 0 }],
  ['no sound', null, { sampleRate: 4 }],
  ['no rate', { samples: wave(4), sampleRate: 8 }, {}],
])('INPUT_INVALID: %s', (_, sound, options) => {
  expect(() => resample(given(sound), given(options))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
});
