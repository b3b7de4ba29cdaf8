import type { WeightType } from '@diptych/core';
import type { BackendInfo } from '@diptych/backend-wasm';
import type { Modality } from 'diptych';
import { columns } from '../output/columns.ts';
import { oneLine } from '../output/one-line.ts';
import type { Agreement, Cosines } from './agreement.ts';
import type { Spread } from './speed.ts';

/** How the model is opened. */
export interface Variant {
  readonly dtype: WeightType;
  /** In each block, of images. */
  readonly mergeTokens: number;
}

/** How fast one type of weights is, on one size of batch. */
export interface Speed extends Variant {
  readonly modality: Modality;
  readonly batch: number;
  /** For each item, on the wall. */
  readonly milliseconds: Spread;
  readonly perSecond: number;
  /** How many times as fast as float32, round by round. */
  readonly ratio: Spread;
}

/** How close the embeddings of one type of weights are to those in float32. */
export interface Accuracy extends Agreement, Variant {
  readonly modality: Modality;
  readonly items: number;
}

export interface BenchReport {
  readonly model: string;
  readonly backend: BackendInfo;
  readonly rounds: number;
  readonly speed: readonly Speed[];
  readonly accuracy: readonly Accuracy[];
}

/** The report for people: what ran, a table of times, a table of cosines. */
export function benchTable({ model, backend, rounds, speed, accuracy }: BenchReport): string {
  const { name, kernels = 'plain operations', threads } = backend;
  const ran = oneLine(`${model} on ${name}, ${kernels}, threads: ${threads}, rounds: ${rounds}`);
  const tables = [`${ran}\n`, speedTable(speed), ...(accuracy.length > 0 ? [accuracyTable(accuracy)] : [])];
  return tables.join('\n');
}

function speedTable(speed: readonly Speed[]): string {
  const header = ['speed', 'dtype', 'merged', 'batch', 'ms each', 'quartiles', 'per second', 'x float32', 'quartiles'];
  const rows = speed.map(({ modality, dtype, mergeTokens, batch, milliseconds, perSecond, ratio }) => [
    modality,
    dtype,
    `${mergeTokens}`,
    `${batch}`,
    milliseconds.median.toFixed(2),
    quartiles(milliseconds),
    perSecond.toFixed(1),
    ratio.median.toFixed(2),
    quartiles(ratio),
  ]);
  return columns('llrrrlrrl', [header, ...rows]);
}

function quartiles({ low, high }: Spread): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}

function accuracyTable(accuracy: readonly Accuracy[]): string {
  const header = [
    'accuracy',
    'dtype',
    'merged',
    'items',
    'lowest cosine',
    'mean',
    'lowest centred',
    'mean',
    'same nearest',
  ];
  const rows = accuracy.map(({ modality, dtype, mergeTokens, items, cosine, centred, recall }) => {
    const nearest = recall === undefined ? '' : `${(100 * recall).toFixed(1)} %`;
    return [modality, dtype, `${mergeTokens}`, `${items}`, ...shown(cosine), ...shown(centred), nearest];
  });
  return columns('llrrrrrrr', [header, ...rows]);
}

function shown(cosines: Cosines | undefined): readonly string[] {
  return cosines ? [cosines.lowest.toFixed(6), cosines.mean.toFixed(6)] : ['', ''];
}
