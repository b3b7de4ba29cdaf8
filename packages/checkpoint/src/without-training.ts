import type { Checkpoint } from '@diptych/core';

/**
 * The model in what a training script saved, as open_clip takes it: of `{ state_dict, optimizer, … }` the state alone, and
 * without the `module.` of a data-parallel model in front of every name.
 */
export function withoutTraining(checkpoint: Checkpoint): Checkpoint {
  const names = [...checkpoint.names];
  const saved = names.some((name) => name.startsWith('state_dict.')) ? 'state_dict.' : '';
  const state = names.filter((name) => name.startsWith(saved));
  const parallel = `${saved}module.`;
  const prefix = state.every((name) => name.startsWith(parallel)) ? parallel : saved;
  return prefix === '' ? checkpoint : below(checkpoint, prefix, state);
}

/** The arrays of a checkpoint whose names begin alike, without that beginning. */
function below(checkpoint: Checkpoint, prefix: string, names: readonly string[]): Checkpoint {
  const { metadata } = checkpoint;
  return {
    names: new Set(names.map((name) => name.slice(prefix.length))),
    ...(metadata && { metadata }),
    shape: (name) => checkpoint.shape(prefix + name),
    read: async (name, signal) => checkpoint.read(prefix + name, signal),
    ...(checkpoint.readRange && {
      readRange: async (name, range, room, signal) => checkpoint.readRange!(prefix + name, range, room, signal),
    }),
    ...(checkpoint.fetch && { fetch: async () => checkpoint.fetch!() }),
  };
}
