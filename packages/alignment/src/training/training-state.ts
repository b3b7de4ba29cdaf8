import { type Checkpoint, EmbeddingError, expectMembers, type StoredTensor } from '@diptych/core';
import type { Variable } from '@tensorflow/tfjs-core';
import { type Arrays, assignAll, type Named, valuesOf } from './arrays.ts';
import type { MovingAverage } from './moving-average.ts';
import type { Optimizer } from './optimizer.ts';
import { type EpochRecord, parseProgress, type Progress } from './progress.ts';

/** All that a run depends on besides its options; what `encodeSafetensors` of `@diptych/checkpoint` takes. */
export interface TrainingState {
  /** Called `model/…`, `optimizer/…`, `average/…` and `best/…`. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** `progress` is JSON. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A state read back, as `openSafetensors` gives it. */
export type SavedTraining = Checkpoint & { readonly metadata: ReadonlyMap<string, string> };

/** The epochs that a saved run had told. @throws {EmbeddingError} `CHECKPOINT_INVALID` when it is no training state. */
export function historyOf(saved: Pick<SavedTraining, 'metadata'>): readonly EpochRecord[] {
  const { metadata } = expectMembers(saved, 'historyOf', 'metadata');
  return parseProgress(metadata.get('progress')).history;
}

/** What a run moves. */
export interface Moved {
  /** Every array that is saved, those without gradient too. */
  readonly variables: Named<Variable>;
  readonly optimizer: Optimizer;
  readonly average?: MovingAverage;
}

/** Where a run is, with the values of its best epoch. */
export interface Position {
  readonly progress: Progress;
  readonly best?: Arrays;
}

export function stateOf({ variables, optimizer, average }: Moved, { progress, best = {} }: Position): TrainingState {
  const [memory, averages] = [optimizer.snapshot(), average?.snapshot()];
  const tensors = [
    ...stored('model', valuesOf(variables), variables),
    ...stored('optimizer', memory.arrays),
    ...stored('average', averages?.arrays ?? {}, variables),
    ...stored('best', best, variables),
  ];
  const steps = { optimizerSteps: String(memory.steps), averageSteps: String(averages?.steps ?? 0) };
  return { tensors: new Map(tensors), metadata: { ...steps, progress: JSON.stringify(progress) } };
}

function stored(group: string, arrays: Arrays, shapes?: Named<Variable>): (readonly [string, StoredTensor])[] {
  return Object.entries(arrays).map(([name, data]) => {
    return [`${group}/${name}`, { shape: shapes?.get(name)?.shape ?? [data.length], data }] as const;
  });
}

/**
 * Puts everything back as it was.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` when it is no training state, `CHECKPOINT_MISMATCH` when it is of other
 *   variables or another rule. Parts may have been put back then.
 */
export async function restoreState(
  { variables, optimizer, average }: Moved,
  saved: SavedTraining,
  signal?: AbortSignal,
): Promise<Position> {
  const progress = parseProgress(saved.metadata.get('progress'));
  const arrays = await Promise.all(
    [...saved.names].map(async (name) => [name, await floats(saved, name, signal)] as const),
  );
  const group = (prefix: string): Arrays => {
    const found = arrays.filter(([name]) => name.startsWith(prefix));
    return Object.fromEntries(found.map(([name, data]) => [name.slice(prefix.length), data]));
  };
  assignAll(variables, group('model/'), 'model');
  optimizer.restore({ steps: Number(saved.metadata.get('optimizerSteps')), arrays: group('optimizer/') });
  const averages = { steps: Number(saved.metadata.get('averageSteps')), arrays: group('average/') };
  if (average) average.restore(averages);
  else assignAll(new Map(), averages.arrays, 'average');
  return progress.best ? { progress, best: group('best/') } : { progress };
}

async function floats(saved: SavedTraining, name: string, signal?: AbortSignal): Promise<Float32Array> {
  const { data } = await saved.read(name, signal);
  if (data instanceof Float32Array) return data;
  throw new EmbeddingError('CHECKPOINT_MISMATCH', {
    where: `training state: ${name}`,
    expected: 'float32 values',
    got: 'others',
  });
}
