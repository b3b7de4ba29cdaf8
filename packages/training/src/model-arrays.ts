import { expectMembers, type StoredTensor } from '@diptych/core';
import type { DualTraining } from './dual-batch.ts';

/** Arrays that belong to the trained model, by what they are called in it. The rest only trained it. */
const kept: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(text|image)\./, '$1.'],
  [/^loss\.(?=(logScale|bias)$)/, ''],
];

/** What `model.safetensors` of the trained model holds, in the names that opening it expects. */
export function modelArrays(training: DualTraining): readonly (readonly [name: string, array: StoredTensor])[] {
  const { variables } = expectMembers(training, 'modelArrays', 'variables');
  return [...variables].flatMap(([path, variable]) => {
    const rule = kept.find(([pattern]) => pattern.test(path));
    const tensor = { shape: variable.shape, data: variable.dataSync<'float32'>() };
    return rule ? [[path.replace(...rule), tensor] as const] : [];
  });
}
