import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { useBackend } from '@diptych/backend-wasm';
import { encodeSafetensors } from '@diptych/checkpoint';
import { openLastGood, replaceFile } from '@diptych/checkpoint/node';
import { enableAutodiff } from '@diptych/nn';
import { type CcaResult, ccaRun } from './cca-run.ts';
import type { Parts } from './part.ts';
import { recipe } from './recipe.ts';
import type { RunName, RunResult } from './results.ts';
import type { Start } from './start.ts';
import { type TrainingResult, trainingRun } from './training-run.ts';
import { variants } from './variants.ts';

/** One run of the plan. CCA leaves its directions in `folder` for those that start from them. */
export async function perform(parts: Parts, { method, seed }: RunName, folder: string): Promise<Found> {
  const file = join(folder, 'start.safetensors');
  if (method === 'CCA') {
    const found = ccaRun(parts, recipe.dim);
    await mkdir(folder, { recursive: true });
    await replaceFile(file, encodeSafetensors(Object.entries(found.start)));
    return resultOf(found);
  }
  await useBackend('wasm', { threads: 1 }); // Each run is a process, and there are as many as cores.
  await enableAutodiff();
  const found = await trainingRun(parts, {
    method: variants[method]!,
    recipe,
    seed,
    start: await readStart(file),
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

async function readStart(path: string): Promise<Start> {
  const file = await openLastGood(path);
  if (!file) throw new Error(`${path}: not found; CCA makes it, delete its result and start again`);
  const read = async (name: keyof Start): Promise<Start[keyof Start]> => {
    const { data, shape } = await file.read(name);
    return { data: data as Float32Array, shape };
  };
  return { weight: await read('weight'), bias: await read('bias'), tokens: await read('tokens') };
}
