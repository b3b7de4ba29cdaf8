import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { decodeSound } from '../../src/audio.ts';
import { chunk, riff, wavFile, type WavFormat } from './wav-file.ts';

const bytesOf = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const decode = (bytes: Uint8Array, seconds = 1) => decodeSound(bytes, { name: 'a.wav', seconds });

it.each<[string, Uint8Array, WavFormat]>([
  ['8 bits', Uint8Array.of(0, 128, 192), { bits: 8 }],
  ['16 bits', bytesOf(Int16Array.of(-32768, 0, 16384)), {}],
  ['24 bits', Uint8Array.of(0, 0, 0x80, 0, 0, 0, 0, 0, 0x40), { bits: 24 }],
  ['32 bits', bytesOf(Int32Array.of(-(2 ** 31), 0, 2 ** 30)), { bits: 32 }],
  ['floats', bytesOf(Float32Array.of(-1, 0, 0.5)), { tag: 3, bits: 32 }],
  ['doubles', bytesOf(Float64Array.of(-1, 0, 0.5)), { tag: 3, bits: 64 }],
])('samples of %s', (_, samples, format) => {
  expect(decode(wavFile(samples, format))).toEqual({ samples: Float32Array.of(-1, 0, 0.5), sampleRate: 8000 });
});

it('24 bits are all read', () => {
  const { samples } = decode(wavFile(Uint8Array.of(1, 2, 3, 0xff, 0xff, 0xff), { bits: 24 }));
  expect([...samples]).toEqual([0x03_02_01 / 2 ** 23, -1 / 2 ** 23]);
});

it('several channels are one, their mean, and an extensible format is what it stands for', () => {
  const two = bytesOf(Int16Array.of(16384, 0, -16384, -16384));
  const stereo = decode(wavFile(two, { channels: 2 }));
  expect([...stereo.samples]).toEqual([0.25, -0.5]);
  const format = new Uint8Array(40);
  format.set(wavFile(two).subarray(32, 48));
  new DataView(format.buffer).setUint16(0, 0xfffe, true);
  format[24] = 1;
  const mono = decode(riff(chunk('fmt ', format), chunk('data', two)));
  expect([...mono.samples]).toEqual([0.5, 0, -0.5, -0.5]);
});

it('no more is read than is asked for, whatever a head claims', () => {
  const file = wavFile(bytesOf(new Int16Array(80).fill(16384)), { size: 2 ** 32 - 1 });
  expect(decode(file, 0.01).samples).toEqual(new Float32Array(80).fill(0.5));
});

it.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array(0)],
  ['another format', new TextEncoder().encode('ID3 something that is no sound')],
  ['a head alone', wavFile(new Uint8Array(0)).subarray(0, 12)],
  ['no samples', riff(chunk('fmt ', wavFile(new Uint8Array(0)).subarray(32, 48)))],
  ['samples before their format', riff(chunk('data', new Uint8Array(4)))],
  ['a format cut off', riff(chunk('fmt ', new Uint8Array(4)))],
  ['a format that claims more', riff(chunk('fmt ', new Uint8Array(16), 2 ** 32 - 1))],
  ['4 GB of samples that are not there', wavFile(new Uint8Array(8), { size: 2 ** 32 - 1 })],
  ['samples cut off', wavFile(bytesOf(new Int16Array(80))).subarray(0, 150)],
  ['no channels', wavFile(new Uint8Array(8), { channels: 0 })],
  ['a rate of 0', wavFile(new Uint8Array(8), { sampleRate: 0 })],
  ['frames of another size', wavFile(new Uint8Array(8), { frame: 0 })],
  ['12 bits', wavFile(new Uint8Array(8), { bits: 12 })],
  ['MP3 in a WAV file', wavFile(new Uint8Array(8), { tag: 0x55 })],
])('INPUT_INVALID: %s', (_, bytes) => {
  expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', where: 'a.wav' }));
});

it('refuses what is no file', () => {
  expect(() => decodeSound(given('a.wav'), { name: 'a', seconds: 1 })).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' }),
  );
});
