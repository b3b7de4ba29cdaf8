import { useBackend } from '@diptych/backend-wasm';
import { seededRandom, type WeightType } from '@diptych/core';
import { batches } from './engines.ts';
import { interleave, median, ratio, wallClock } from './interleave.ts';
import type { Tower } from './measure.ts';
import { imageModel, textModel } from './models.ts';

export interface ThreadsPlan {
  readonly threads: number;
  readonly rounds: number;
  readonly batches: readonly number[];
  readonly dtypes: readonly WeightType[];
  readonly towers: readonly Tower[];
}

/** How much faster CLIP's towers run on several threads than on one, by the clock on the wall, interleaved: lines. */
export async function* threadsSpeed(plan: ThreadsPlan): AsyncGenerator<string> {
  const random = seededRandom(7);
  await useBackend('wasm', { threads: plan.threads });
  // Workers of a page start while it has nothing to do.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  for (const dtype of plan.dtypes) {
    for (const tower of plan.towers) {
      const model = await (tower === 'image' ? imageModel : textModel)(dtype);
      for (const n of plan.batches) {
        const batch = batches(n, random);
        const outputs: Float32Array[] = [];
        const tasks = [1, plan.threads].map((threads, i) => async () => {
          await useBackend('wasm', { threads });
          outputs[i] = model.forward(batch);
        });
        const [one, several] = await interleave(tasks, plan.rounds, wallClock);
        const same = outputs[0]!.every((value, i) => Object.is(value, outputs[1]![i]));
        yield `${tower} b${n} ${dtype}: ${lineOf(one!, several!, plan.threads)}, ${same ? 'same bits' : 'OTHER NUMBERS'}`;
      }
      model.free();
    }
  }
}

function lineOf(one: readonly number[], several: readonly number[], threads: number): string {
  const { median: speed, low, high } = ratio(several, one);
  return (
    `${median(one).toFixed(1)} ms on 1 thread, ${median(several).toFixed(1)} ms on ${threads}, ` +
    `${speed.toFixed(2)}x (${low.toFixed(2)} to ${high.toFixed(2)})`
  );
}
