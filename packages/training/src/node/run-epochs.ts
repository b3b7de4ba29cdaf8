import { type EpochRecord, historyOf } from '@diptych/alignment';
import type { DualTraining } from '../dual-batch.ts';
import { type TrainedEpoch, trainEpochs, type TrainEpochsOptions } from '../train-epochs.ts';
import type { RunOptions } from './run-options.ts';
import { writeCurves } from './write-run.ts';

/**
 * Epochs, after each of which the curves in a folder are written anew.
 *
 * @returns All epochs of the run.
 */
export async function* runEpochs(
  folder: string,
  training: DualTraining,
  { onProgress, ...options }: Omit<TrainEpochsOptions, 'onStep'> & Pick<RunOptions, 'onProgress'>,
): AsyncGenerator<TrainedEpoch, readonly EpochRecord[], void> {
  const history: EpochRecord[] = options.from ? [...historyOf(options.from)] : [];
  const onStep = (done: number, total: number) => onProgress?.('training', done, total);
  for await (const epoch of trainEpochs(training, { ...options, onStep })) {
    history.push(epoch);
    await writeCurves(folder, history);
    yield epoch;
  }
  await writeCurves(folder, history); // Of a run that was killed between its last state and these.
  return history;
}
