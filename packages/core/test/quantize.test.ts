import { describe, expect, it } from 'vitest';
import { dequantize, type Embeddings, EmbeddingError, quantize } from '../src/index.ts';

const rows = (dim: number, ...values: number[]): Embeddings => ({
  precision: 'float32',
  data: Float32Array.from(values),
  shape: [values.length / dim, dim],
  model: 'm',
});

describe('int8', () => {
  it('spends its 127 steps on the largest component of each row', () => {
    const { data, scales } = quantize(rows(2, 0.5, -1, 2, 1), 'int8');
    expect([...data]).toEqual([64, -127, 127, 64]);
    expect([...scales!]).toEqual([Math.fround(1 / 127), Math.fround(2 / 127)]);
  });

  it('comes back within half a step', () => {
    const values = Array.from({ length: 300 }, (_, i) => Math.sin(i * i));
    const back = dequantize(quantize(rows(100, ...values), 'int8'));
    values.forEach((v, i) => expect(Math.abs(back.data[i]! - v)).toBeLessThanOrEqual(0.5 / 127 + 1e-7));
  });

  it('keeps a zero row zero', () => {
    expect([...dequantize(quantize(rows(3, 0, 0, 0), 'int8')).data]).toEqual([0, 0, 0]);
  });

  it('does not let one row change another', () => {
    const alone = quantize(rows(2, 0.5, -1), 'int8').data;
    const beside = quantize(rows(2, 0.5, -1, 300, 4), 'int8').data;
    expect([...beside.subarray(0, 2)]).toEqual([...alone]);
  });
});

it('uint8 is int8 moved by 128', () => {
  const all = rows(4, 1, -1, 0.25, 0);
  const signed = quantize(all, 'int8');
  const unsigned = quantize(all, 'uint8');
  expect([...unsigned.data]).toEqual([...signed.data].map((v) => v + 128));
  expect([...dequantize(unsigned).data]).toEqual([...dequantize(signed).data]);
});

describe('binary', () => {
  const signs = rows(10, 1, -1, 1, 1, -1, -1, -1, 1, 0, 0.5);

  it('packs the first component into the highest bit, as numpy.packbits does, zero as 0', () => {
    expect([...quantize(signs, 'ubinary').data]).toEqual([0b10110001, 0b01000000]);
    expect([...quantize(signs, 'binary').data]).toEqual([0b10110001 - 128, 0b01000000 - 128]);
  });

  it.each(['binary', 'ubinary'] as const)('%s comes back as signs', (precision) => {
    const back = dequantize(quantize(signs, precision));
    expect(back.shape).toEqual([1, 10]);
    expect([...back.data]).toEqual([1, -1, 1, 1, -1, -1, -1, 1, -1, 1]);
  });
});

it('refuses what is not finite, and says where', () => {
  const bad = rows(2, 1, 2, 3, Number.NaN);
  const quantized = () => quantize(bad, 'int8');
  expect(quantized).toThrow(EmbeddingError);
  expect(quantized).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  expect(quantized).toThrow('row 1, component 1');
});
