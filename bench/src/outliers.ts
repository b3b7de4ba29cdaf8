import { seededRandom } from '@diptych/core';

/** All numbers of a model by the path of their parameter, in our layout; changed in place. */
export type Values = ReadonlyMap<string, Float32Array>;

/** Changes random weights into such as trained models have. */
export type Injection = (values: Values) => void;

const blocks = 12;

/** As they are. */
const none: Injection = () => {};

/**
 * Six channels of what each norm gives are 50 times as large, and the weights that read them 50 times as small: the
 * function stays what it was, as before SmoothQuant, Xiao et al. 2022, arXiv:2211.10438.
 */
const norms: Injection = (values) => {
  const width = values.get('blocks.0.norm1.weight')!.length;
  const random = seededRandom(9);
  for (let block = 0; block < blocks; block++) {
    for (const [norm, reader] of [
      ['norm1', 'attention.inProj.weight'],
      ['norm2', 'mlp.fc1.weight'],
    ]) {
      const channels = Array.from({ length: 6 }, () => Math.floor(random() * width));
      for (const channel of new Set(channels)) {
        for (const part of ['weight', 'bias']) values.get(`blocks.${block}.${norm}.${part}`)![channel]! *= 50;
        divideRow(values.get(`blocks.${block}.${reader}`)!, width, channel, 50);
      }
    }
  }
};

/** Three channels of the residual stream are 20, 40 and 60 from the second block on, where others are about 1. */
const residual: Injection = (values) => {
  const bias = values.get('blocks.1.mlp.fc2.bias')!;
  for (const [i, channel] of [5, 100, 333].entries()) bias[channel]! += 20 + 20 * i;
};

export const injections: Readonly<Record<string, Injection>> = { none, norms, residual };

/** Divides what one of `rows` inputs is multiplied by. */
function divideRow(weight: Float32Array, rows: number, row: number, by: number): void {
  const columns = weight.length / rows;
  for (let at = row * columns; at < (row + 1) * columns; at++) weight[at]! /= by;
}
