import type { Checkpoint } from '@diptych/core';
import type { Files } from '@diptych/files';
import { type NameTable, prefixNames } from '@diptych/nn';
import type { Architecture, ArchitectureOptions, SpaceParts } from '../architecture.ts';
import { type Json, readJson } from '../model-json.ts';

/** What opens a model whose `config.json` is read already. */
export type Opener = (json: Json, files: Files, options: ArchitectureOptions) => Promise<SpaceParts>;

/**
 * A family whose code is loaded with the first model of it.
 *
 * @param claims By the model's `config.json`.
 */
export function laterFamily(
  name: string,
  claims: (config: Json) => boolean,
  load: () => Promise<Opener>,
): Architecture {
  return {
    version: 1,
    name,
    async open(files, options) {
      const json = await readJson(files, 'config.json', options.signal);
      if (!json || !claims(json)) return undefined;
      const opener = await load();
      return opener(json, files, options);
    },
  };
}

/** Names of a network as they stand in a file of it alone, or of it below a classifier, `network.` before each. */
export function belowClassifier(network: string, names: NameTable, checkpoint: Pick<Checkpoint, 'names'>): NameTable {
  const table = checkpoint.names.has('classifier.weight') ? prefixNames(`${network}.`, names) : names;
  return { ...table, ignore: [...(table.ignore ?? []), 'classifier.weight', 'classifier.bias'] };
}
