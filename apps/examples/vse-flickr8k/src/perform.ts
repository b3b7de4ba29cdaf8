import { useBackend } from '@diptych/backend-wasm';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { type CcaResult, ccaRun } from './cca-run.ts';
import type { Parts } from './part.ts';
import { recipe } from './recipe.ts';
import type { RunName, RunResult } from './results.ts';
import { type TrainingResult, trainingRun } from './training-run.ts';
import { variants } from './variants.ts';

/** One run of the plan. */
export async function perform(parts: Parts, { method, seed }: RunName): Promise<Found> {
  if (method === 'CCA') return resultOf(await ccaRun(parts));
  await useBackend('wasm', { threads: 1 }); // Each run is a process, and there are as many as cores.
  await enableAutodiff();
  const found = await trainingRun(parts, {
    method: variants[method]!,
    recipe,
    seed,
    onEpoch: ({ epoch, loss, metrics }) => {
      console.log(
        `${method}, seed ${seed}, epoch ${epoch + 1}: loss ${loss.toFixed(3)}, rsum ${metrics['rsum']!.toFixed(1)}`,
      );
    },
  });
  return resultOf(found);
}

type Found = Pick<RunResult, 'ranks' | 'training' | 'trials'>;

function resultOf({ ranks, ...rest }: CcaResult | TrainingResult): Found {
  const { textRetrieval, imageRetrieval } = ranks;
  return {
    ranks: { textRetrieval: [...textRetrieval], imageRetrieval: [...imageRetrieval] },
    ...('trials' in rest ? { trials: rest.trials } : { training: rest }),
  };
}
