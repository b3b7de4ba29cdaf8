import { Bits } from './bits.ts';

/** What all frames of a file share. */
export interface FrameFormat {
  readonly sampleRate: number;
  readonly channels: number;
  /** Of a sample. */
  readonly bits: number;
}

export interface Frame {
  /** Samples as whole numbers. */
  readonly channels: readonly Float64Array[];
  /** Of the byte behind. */
  readonly end: number;
}

/** Bits of a sample by their code; 0 are those of the file. */
const widths: readonly (number | undefined)[] = [0, 8, 12, undefined, 16, 20, 24, 32];

const [headSums, frameSums] = [sumTable(8, 0x07), sumTable(16, 0x8005)];

/** The frame that begins at a byte. @throws {Error} for one that is damaged, cut off or not of the file's format. */
export function readFrame(bytes: Uint8Array, begin: number, format: FrameFormat): Frame {
  const bits = new Bits(bytes, begin);
  if (bits.read(15) !== 0x7ffc) throw new Error('no frame where one should be');
  bits.read(1);
  const [sizeCode, rateCode, layout, widthCode] = [bits.read(4), bits.read(4), bits.read(4), bits.read(3)];
  bits.read(1);
  // Its number has as many bytes as its first byte has ones at its beginning.
  const ones = Math.clz32(~(bits.read(8) << 24));
  bits.read(8 * Math.max(0, Math.min(ones, 7) - 1));
  const size = sizeOf(bits, sizeCode);
  if (rateCode >= 12) bits.read(rateCode === 12 ? 8 : 16);
  const head = bits.at;
  if (bits.read(8) !== sumOf(bytes.subarray(begin, head), 8, headSums)) throw new Error('a damaged head of a frame');
  const width = widths[widthCode] === 0 ? format.bits : widths[widthCode];
  const channels = layout < 8 ? layout + 1 : 2;
  if (layout > 10 || channels !== format.channels || width !== format.bits)
    throw new Error('frames of other channels or bits than the file');
  // One of a pair is the difference of both, which has a bit more.
  const side = layout === 9 ? 0 : 1;
  const own = Array.from({ length: channels }, (_, i) =>
    readChannel(bits, size, width + Number(layout > 7 && i === side)),
  );
  const end = bits.at;
  const sum = sumOf(bytes.subarray(begin, end), 16, frameSums);
  if (bits.read(16) !== sum) throw new Error('a damaged frame');
  joinPair(own, layout);
  return { channels: own, end: end + 2 };
}

function sizeOf(bits: Bits, code: number): number {
  if (code === 1) return 192;
  if (code === 6) return bits.read(8) + 1;
  if (code === 7) return bits.read(16) + 1;
  if (code === 0) throw new Error('a frame of no size');
  return code < 6 ? 576 << (code - 2) : 256 << (code - 8);
}

/** Predictors of orders 0 to 4. */
const fixed: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

function readChannel(bits: Bits, size: number, width: number): Float64Array {
  bits.read(1);
  const type = bits.read(6);
  const wasted = bits.read(1) === 1 ? bits.readZeros() + 1 : 0;
  const own = width - wasted;
  if (own < 1) throw new Error('samples of no bits');
  const samples = new Float64Array(size);
  if (type === 0) samples.fill(bits.readSigned(own));
  else if (type === 1) for (let i = 0; i < size; i++) samples[i] = bits.readSigned(own);
  else readPredicted(bits, samples, type, own);
  if (wasted > 0) for (let i = 0; i < size; i++) samples[i]! *= 2 ** wasted;
  return samples;
}

function readPredicted(bits: Bits, samples: Float64Array, type: number, width: number): void {
  const order = type < 32 ? type - 8 : type - 31;
  if (order < 0 || (type < 32 && order > 4) || order > samples.length) throw new Error('an unknown predictor');
  for (let i = 0; i < order; i++) samples[i] = bits.readSigned(width);
  let [weights, divisor] = [fixed[order] ?? [], 1];
  if (type >= 32) {
    const precision = bits.read(4) + 1;
    const shift = bits.readSigned(5);
    if (precision > 15 || shift < 0) throw new Error('an unknown predictor');
    weights = Array.from({ length: order }, () => bits.readSigned(precision));
    divisor = 2 ** shift;
  }
  readResidual(bits, samples, order);
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let k = 0; k < order; k++) sum += weights[k]! * samples[i - 1 - k]!;
    samples[i]! += Math.floor(sum / divisor);
  }
}

/** Rice codes, in parts of one length, each with its own parameter. */
function readResidual(bits: Bits, samples: Float64Array, order: number): void {
  const method = bits.read(2);
  if (method > 1) throw new Error('unknown codes');
  const parts = 2 ** bits.read(4);
  const each = samples.length / parts;
  if (!Number.isInteger(each) || each < order) throw new Error(`${parts} parts of ${samples.length} samples`);
  const width = 4 + method;
  for (let part = 0; part < parts; part++) {
    const parameter = bits.read(width);
    const raw = parameter === 2 ** width - 1 ? bits.read(5) : undefined;
    for (let i = Math.max(order, part * each); i < (part + 1) * each; i++) {
      if (raw !== undefined) samples[i] = raw === 0 ? 0 : bits.readSigned(raw);
      else {
        const code = bits.readZeros() * 2 ** parameter + bits.read(parameter);
        samples[i] = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
      }
    }
  }
}

/** Both of a pair, in place, of one and the difference, or of the mean, rounded down, and the difference. */
function joinPair(channels: readonly Float64Array[], layout: number): void {
  const [first, second] = channels;
  if (layout < 8 || !first || !second) return;
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i]!, second[i]!];
    if (layout === 8) second[i] = a - b;
    else if (layout === 9) first[i] = a + b;
    else {
      const sum = 2 * a + Math.abs(b % 2);
      first[i] = (sum + b) / 2;
      second[i] = (sum - b) / 2;
    }
  }
}

/** A cyclic redundancy check that begins with 0, of so many bits. */
function sumOf(bytes: Uint8Array, width: number, table: Uint16Array): number {
  const mask = 2 ** width - 1;
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 8) ^ table[(sum >> (width - 8)) ^ byte]!) & mask;
  return sum;
}

function sumTable(width: number, polynomial: number): Uint16Array {
  const highest = 1 << (width - 1);
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let sum = byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) sum = (sum << 1) ^ (sum & highest ? polynomial : 0);
    return sum & (2 ** width - 1);
  });
}
