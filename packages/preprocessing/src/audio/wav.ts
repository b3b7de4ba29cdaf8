import type { Sound } from './sound.ts';

/** One value of each kind of sample, at a byte. */
type Read = (view: DataView, at: number) => number;

/** By format tag (1 whole numbers, 3 floating point) and bits. */
const kinds: Readonly<Record<string, Read>> = {
  '1/8': (view, at) => (view.getUint8(at) - 128) / 128,
  '1/16': (view, at) => view.getInt16(at, true) / 2 ** 15,
  '1/24': (view, at) => (view.getUint16(at, true) / 256 + view.getInt8(at + 2) * 256) / 2 ** 15,
  '1/32': (view, at) => view.getInt32(at, true) / 2 ** 31,
  '3/32': (view, at) => view.getFloat32(at, true),
  '3/64': (view, at) => view.getFloat64(at, true),
};

/** Whether bytes begin as a WAV file does. */
export function isWav(bytes: Uint8Array): boolean {
  return mark(bytes, 0) === 'RIFF' && mark(bytes, 8) === 'WAVE';
}

/**
 * The beginning of a WAV file as one channel, the mean of all: PCM of 8, 16, 24 or 32 bits, or floating point.
 *
 * @param seconds Of sound at most: no more is read.
 * @throws {Error} for a damaged file, one that is cut off within what is read, or another kind of samples.
 */
export function readWav(bytes: Uint8Array, seconds: number): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, size, begin] = [mark(bytes, at), view.getUint32(at + 4, true), at + 8];
    if (name === 'fmt ') format = readFormat(view, begin, size);
    if (name === 'data') {
      if (!format) throw new Error('samples before their format');
      return readSamples(view, format, { begin, size, seconds });
    }
    // A chunk of an odd number of bytes has one more behind it.
    at = begin + size + (size & 1);
  }
  throw new Error('no samples');
}

interface Format {
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes of a sample. */
  readonly width: number;
  readonly read: Read;
}

function readFormat(view: DataView, begin: number, size: number): Format {
  if (size < 16 || begin + size > view.byteLength) throw new Error('a format cut off');
  const short = (at: number) => view.getUint16(begin + at, true);
  const [channels, sampleRate, frame, bits] = [short(2), view.getUint32(begin + 4, true), short(12), short(14)];
  // The extensible format has the tag at the beginning of its identifier.
  const tag = short(0) === 0xfffe && size >= 40 ? short(24) : short(0);
  const read = kinds[`${tag}/${bits}`];
  if (!read) throw new Error(`samples of ${bits} bits in format ${tag}`);
  if (channels < 1 || sampleRate < 1 || frame !== (channels * bits) / 8)
    throw new Error(`${channels} channels at ${sampleRate} Hz in ${frame} bytes`);
  return { channels, sampleRate, width: bits / 8, read };
}

function readSamples(
  view: DataView,
  { channels, sampleRate, width, read }: Format,
  { begin, size, seconds }: { readonly begin: number; readonly size: number; readonly seconds: number },
): Sound {
  const frame = channels * width;
  const count = Math.min(Math.floor(size / frame), Math.ceil(seconds * sampleRate));
  if (begin + count * frame > view.byteLength) throw new Error(`${size} bytes of samples, cut off`);
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(view, begin + i * frame + channel * width);
    samples[i] = sum / channels;
  }
  return { samples, sampleRate };
}

function mark(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
