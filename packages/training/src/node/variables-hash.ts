import { createHash } from 'node:crypto';
import { turn } from '@diptych/core';
import type { Tunable } from '../tuning/tunable.ts';

/** SHA-256 of the values of variables and their names, whatever file they came from. */
export async function variablesHash(variables: Tunable['variables'], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, variable] of [...variables].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await turn(signal);
    hash.update(`${name} ${variable.shape.join()}\n`).update(variable.dataSync<'float32'>());
  }
  return hash.digest('hex');
}
