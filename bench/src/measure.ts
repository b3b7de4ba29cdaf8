import { seededRandom, type WeightType } from '@diptych/core';
import { imageConfig } from './clip-b32.ts';
import type { OnnxArithmetic } from './clip-onnx.ts';
import { type Agreement, compare } from './compare.ts';
import { type Batches, batches, type Forward } from './engines.ts';
import { type Clock, interleave, median, ratio } from './interleave.ts';
import { imageModel, textModel } from './models.ts';
import type { Peaks } from './peak.ts';
import { work } from './work.ts';

export type Tower = 'image' | 'text';

/** Starts a tower in another engine. */
export interface Peer {
  readonly name: string;
  readonly arithmetic: OnnxArithmetic;
  readonly start: (model: Uint8Array, tower: Tower) => Promise<Forward>;
}

export interface Plan {
  readonly towers: readonly Tower[];
  readonly batches: readonly number[];
  readonly rounds: number;
  readonly dtypes: readonly WeightType[];
  readonly peers: readonly Peer[];
  readonly clock: Clock;
  readonly peaks?: Peaks;
}

/** One engine on one batch. */
export interface Result {
  readonly tower: Tower;
  readonly batch: number;
  readonly name: string;
  /** Of each round, in milliseconds. */
  readonly times: readonly number[];
  readonly milliseconds: number;
  /** How many times as fast as the first peer, from the rounds' ratios; absent without peers. */
  readonly speed?: { readonly median: number; readonly low: number; readonly high: number };
  /** With our own float32. */
  readonly agreement: Agreement;
  /** Share of what the engine can multiply and add at most; absent for peers. */
  readonly peak?: number;
}

/** Every engine on every batch, interleaved. */
export async function* measure(plan: Plan): AsyncGenerator<Result> {
  const random = seededRandom(7);
  for (const tower of plan.towers) {
    const engines = await enginesOf(tower, plan);
    for (const n of plan.batches) yield* measureBatch(tower, engines, batches(n, random), plan);
  }
}

async function* measureBatch(
  tower: Tower,
  engines: ReadonlyMap<string, Forward>,
  batch: Batches,
  { rounds, clock, peers, peaks }: Plan,
): AsyncGenerator<Result> {
  const n = batch.image.shape[0];
  const names = [...engines.keys()];
  const outputs = new Map<string, Float32Array>();
  const tasks = names.map((name) => async () => outputs.set(name, await engines.get(name)!(batch)));
  const times = await interleave(tasks, rounds, clock);
  const base = peers[0] && times[names.indexOf(peers[0].name)];
  for (const [i, name] of names.entries()) {
    yield {
      tower,
      batch: n,
      name,
      times: times[i]!,
      milliseconds: median(times[i]!),
      ...(base && { speed: ratio(times[i]!, base) }),
      ...shareOfPeak(peaks?.[name.replace('diptych ', '') as WeightType], tower, n, median(times[i]!)),
      agreement: compare(outputs.get(name)!, outputs.values().next().value!, imageConfig.dim),
    };
  }
}

function shareOfPeak(peak: number | undefined, tower: Tower, n: number, milliseconds: number): Pick<Result, 'peak'> {
  return peak === undefined ? {} : { peak: (n * work[tower]) / milliseconds / 1e6 / peak };
}

/** Every engine with the same weights, ours in float32 first. */
async function enginesOf(tower: Tower, plan: Plan): Promise<ReadonlyMap<string, Forward>> {
  const make = tower === 'image' ? imageModel : textModel;
  const engines = new Map<string, Forward>();
  for (const dtype of plan.dtypes) engines.set(`diptych ${dtype}`, (await make(dtype)).forward);
  const { model, free } = await make();
  for (const { name, arithmetic, start } of plan.peers) engines.set(name, await start(model(arithmetic), tower));
  free();
  return engines;
}

/** A result as a line of text. */
export function lineOf({ tower, batch, name, milliseconds, speed, agreement, peak }: Result): string {
  return [
    `${tower} b${batch}`.padEnd(10),
    name.padEnd(20),
    `${milliseconds.toFixed(1)} ms`.padStart(11),
    speed ? `${speed.median.toFixed(2)}x (${speed.low.toFixed(2)} to ${speed.high.toFixed(2)})` : '',
    (peak === undefined ? '' : `${(100 * peak).toFixed(0)} % of peak`).padEnd(12),
    `max |Δ| ${agreement.difference.toExponential(1)}`,
    `cosine ${agreement.cosine.toFixed(6)}, centred ${agreement.centred.toFixed(6)}`,
  ].join('  ');
}
