import { expect, it } from 'vitest';
import { decodeSound } from '../../src/audio.ts';
import { md5 } from '../../src/audio/md5.ts';
import goldens from '../golden/flac.json' with { type: 'json' };

const decode = (bytes: Uint8Array, seconds = 1) => decodeSound(bytes, { name: 'a.flac', seconds });
const fileOf = (name: string) =>
  Uint8Array.from(atob(goldens.find((own) => own.name === name)!.file), (char) => char.charCodeAt(0));
const meanOf = (row: readonly number[], bits: number) =>
  Math.fround(row.reduce((sum, value) => sum + value, 0) / (row.length * 2 ** (bits - 1)));

it.each(goldens)('$name, as encoded', ({ name, bits, samples }) => {
  const sound = decode(fileOf(name));
  expect(sound.sampleRate).toBe(8000);
  expect([...sound.samples]).toEqual(samples.map((row) => meanOf(row, bits)));
});

const file = fileOf('16 bits, linear prediction');
const first = 4 + 4 + 34;
const changed = (change: (bytes: Uint8Array) => void) => {
  const bytes = file.slice();
  change(bytes);
  return bytes;
};

it('no more is read than is asked for, whatever a head claims', () => {
  const claims = changed((bytes) => bytes.fill(0xff, 22, 26));
  expect(decode(claims, 0.01).samples).toEqual(decode(file).samples.subarray(0, 80));
  const cut = file.subarray(0, file.length - 2);
  expect(decode(cut, 0.01).samples).toEqual(decode(file).samples.subarray(0, 80));
});

it('a file that does not say how long it is ends where its frames do', () => {
  const open = changed((bytes) => {
    bytes[21]! &= 0xf0;
    bytes.fill(0, 22, 26);
  });
  expect(decode(open)).toEqual(decode(file));
});

it('each byte of its frames counts', () => {
  const blocks = first + ((file[first + 1]! << 16) | (file[first + 2]! << 8) | file[first + 3]!) + 4;
  for (let at = blocks; at < file.length; at++) {
    const bytes = changed((own) => (own[at]! ^= 0x10));
    expect(() => decode(bytes), `byte ${at}`).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  }
});

it.each<[string, Uint8Array]>([
  ['a mark alone', file.subarray(0, 4)],
  ['a head alone', file.subarray(0, first)],
  ['2^36 samples that are not there', changed((bytes) => bytes.fill(0xff, 22, 26))],
  ['samples cut off', file.subarray(0, file.length - 1)],
  ['another sum of its samples', changed((bytes) => (bytes[30]! ^= 1))],
  ['a rate of 0', changed((bytes) => bytes.fill(0, 18, 20)).map((byte, i) => (i === 20 ? byte & 0x0f : byte))],
  ['two channels where there is one', changed((bytes) => (bytes[20]! |= 2))],
  ['samples of a bit', changed((bytes) => (bytes[20]! &= 0xfe)).map((byte, i) => (i === 21 ? byte & 0x0f : byte))],
  ['another first block', changed((bytes) => (bytes[4] = 1))],
  ['a block of 16 MB that is not there', changed((bytes) => bytes.fill(0xff, first + 1, first + 4))],
  ['zeros for frames', changed((bytes) => bytes.fill(0, first + 4))],
])('INPUT_INVALID: %s', (_, bytes) => {
  expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', where: 'a.flac' }));
});

it.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    '57edf4a22be3c955ac49da2e2107b67a',
  ],
])('the sum of %j is that of RFC 1321', (text, expected) => {
  const sum = md5();
  const bytes = new TextEncoder().encode(text);
  sum.add(bytes.subarray(0, 7));
  sum.add(bytes.subarray(7));
  expect(sum.end()).toBe(expected);
});
