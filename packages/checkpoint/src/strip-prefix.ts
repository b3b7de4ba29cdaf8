import type { Checkpoint } from '@diptych/core';

/** The same arrays without what every name begins with, for each of `prefixes` in turn. */
export function stripPrefixes(checkpoint: Checkpoint, prefixes: readonly string[]): Checkpoint {
  const prefix = prefixes.reduce((found, next) => {
    const longer = found + next;
    const all = checkpoint.names.size > 0 && [...checkpoint.names].every((name) => name.startsWith(longer));
    return all ? longer : found;
  }, '');
  if (prefix === '') return checkpoint;
  return {
    names: new Set([...checkpoint.names].map((name) => name.slice(prefix.length))),
    shape: (name) => checkpoint.shape(prefix + name),
    read: async (name, signal) => checkpoint.read(prefix + name, signal),
    ...(checkpoint.readRange && {
      readRange: async (name, range, room, signal) => checkpoint.readRange!(prefix + name, range, room, signal),
    }),
  };
}
