import { join } from 'node:path';
import type { SavedTraining, TrainingState } from '@diptych/alignment';
import { encodeSafetensors } from '@diptych/checkpoint';
import { openLastGood, replaceFile } from '@diptych/checkpoint/node';
import { EmbeddingError } from '@diptych/core';
import type { Json } from './read-config.ts';

/** Fields that a run may be continued with otherwise. */
const free: ReadonlySet<string> = new Set(['epochs', 'patience', 'saveEvery']);

/** The states of a run in its folder, with the configuration that they belong to. */
export interface Checkpoint {
  readonly save: (state: TrainingState) => Promise<void>;
  /** The last state, where the run is continued. */
  readonly from?: SavedTraining;
}

export interface CheckpointOptions {
  readonly config: Json;
  readonly resume: boolean;
  /** Told when the newest state is damaged and the one before is taken. */
  readonly note: (line: string) => void;
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a run that is there and not to be continued, or of another configuration. */
export async function checkpoint(folder: string, { config, resume, note }: CheckpointOptions): Promise<Checkpoint> {
  const path = join(folder, 'checkpoint.safetensors');
  const onDamaged = ({ message }: EmbeddingError) => note(`diptych: ${message}; taking the state before`);
  const from = await openLastGood(path, { onDamaged });
  if (from && !resume) {
    throw new EmbeddingError(
      'INPUT_INVALID',
      `${folder}: holds a run already; continue it with --resume, or choose another folder`,
    );
  }
  if (from) expectSame(JSON.parse(from.metadata.get('config') ?? '{}') as Json, config, folder);
  return {
    save: async ({ tensors, metadata }) =>
      replaceFile(path, encodeSafetensors(tensors, { ...metadata, config: JSON.stringify(config) })),
    ...(from && { from }),
  };
}

function expectSame(before: Json, now: Json, folder: string): void {
  const fields = new Set([...Object.keys(before), ...Object.keys(now)]);
  const other = [...fields].filter(
    (field) => !free.has(field) && JSON.stringify(before[field]) !== JSON.stringify(now[field]),
  );
  if (other.length === 0) return;
  const message = `${folder}: expected the configuration that the run began with, got another ${other.join(', ')}`;
  throw new EmbeddingError('INPUT_INVALID', message);
}
