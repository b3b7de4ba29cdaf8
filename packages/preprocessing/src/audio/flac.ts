import { Bits } from './bits.ts';
import { type FrameFormat, readFrame } from './flac-frame.ts';
import { md5 } from './md5.ts';
import type { Sound } from './sound.ts';

/** What a file says of all its frames, in its first block. */
interface Info extends FrameFormat {
  /** Of each channel; 0 where the file does not say. */
  readonly count: number;
  /** Of the samples, in hexadecimal; zeros where the file does not say. */
  readonly sum: string;
  /** Where frames begin. */
  readonly frames: number;
}

/** Whether bytes begin as a FLAC file does. */
export function isFlac(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 4)) === 'fLaC';
}

/**
 * The beginning of a FLAC file (RFC 9639) as one channel, the mean of all. Both sums of each frame are compared, and that of all
 * samples where all are read. One frame is unpacked at a time.
 *
 * @param seconds Of sound at most: no more is read.
 * @throws {Error} for a file that is damaged, or cut off within what is read.
 */
export function readFlac(bytes: Uint8Array, seconds: number): Sound {
  const info = readInfo(bytes);
  const most = Math.ceil(seconds * info.sampleRate);
  const wanted = Math.min(most, info.count || Infinity);
  const digest = wanted === info.count && /[^0]/.test(info.sum) ? md5() : undefined;
  const blocks: Float32Array[] = [];
  let count = 0;
  for (let at = info.frames; count < wanted && (info.count > 0 || at < bytes.length);) {
    const frame = readFrame(bytes, at, info);
    const block = meanOf(frame.channels, 2 ** (info.bits - 1)).subarray(0, wanted - count);
    digest?.add(packed(frame.channels, info.bits));
    blocks.push(block);
    count += block.length;
    at = frame.end;
  }
  if (digest && digest.end() !== info.sum) throw new Error('other samples than its sum is of');
  const samples = new Float32Array(count);
  let begin = 0;
  for (const block of blocks) {
    samples.set(block, begin);
    begin += block.length;
  }
  return { samples, sampleRate: info.sampleRate };
}

function readInfo(bytes: Uint8Array): Info {
  const bits = new Bits(bytes, 4);
  let last = bits.read(1) === 1;
  if (bits.read(7) !== 0 || bits.read(24) !== 34) throw new Error('no description of its samples');
  bits.read(80);
  const sampleRate = bits.read(20);
  const [channels, width, count] = [bits.read(3) + 1, bits.read(5) + 1, bits.read(36)];
  const sum = Array.from({ length: 16 }, () => bits.read(8).toString(16).padStart(2, '0')).join('');
  if (sampleRate < 1 || width < 4) throw new Error(`samples of ${width} bits at ${sampleRate} Hz`);
  let frames = bits.at;
  while (!last) {
    const block = new Bits(bytes, frames);
    last = block.read(1) === 1;
    block.read(7);
    frames += 4 + block.read(24);
  }
  if (frames > bytes.length) throw new Error('a head cut off');
  return { sampleRate, channels, bits: width, count, sum, frames };
}

function meanOf(channels: readonly Float64Array[], full: number): Float32Array {
  const mean = new Float32Array(channels[0]!.length);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i]!;
    mean[i] = sum / (channels.length * full);
  }
  return mean;
}

/** Samples in the order of time, in whole bytes, the lowest first: what a file's sum is of. */
function packed(channels: readonly Float64Array[], bits: number): Uint8Array {
  const width = Math.ceil(bits / 8);
  const bytes = new Uint8Array(channels[0]!.length * channels.length * width);
  let at = 0;
  for (let i = 0; i < channels[0]!.length; i++) {
    for (const channel of channels) for (let k = 0; k < width; k++) bytes[at++] = Math.floor(channel[i]! / 256 ** k);
  }
  return bytes;
}
