import { expectMembers } from '@diptych/core';
import type { Placement } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Tunable } from './tunable.ts';
import type { TunedTraining } from './tuned-training.ts';

/** What a run changed, in the names and the layout of the model's files. */
export function tunedArrays(
  training: Pick<TunedTraining, 'trained' | 'settle'>,
  base: Pick<Tunable, 'placements' | 'checkpoint'>,
): ReadonlyMap<string, Float32Array> {
  const { trained, settle } = expectMembers(training, 'tunedArrays: training', 'trained');
  const { placements, checkpoint } = expectMembers(base, 'tunedArrays: base', 'placements', 'checkpoint');
  settle?.();
  const found = new Map<string, Float32Array>();
  for (const placement of placements) {
    const variable = trained.get(placement.path);
    if (!variable) continue;
    const values = storedValues(placement, variable);
    let at = 0;
    for (const name of placement.from) {
      const size = checkpoint.shape(name).reduce((product, n) => product * n, 1);
      found.set(name, values.subarray(at, at + size));
      at += size;
    }
  }
  return found;
}

/** Those of all arrays of a parameter, one after the other. */
function storedValues({ axes }: Placement, variable: tf.Variable): Float32Array {
  const stored = tf.tidy(() => {
    return axes
      ? tf.transpose(
          variable,
          axes.map((_, axis) => axes.indexOf(axis)),
        )
      : tf.clone(variable);
  });
  const values = stored.dataSync<'float32'>().slice();
  stored.dispose();
  return values;
}
