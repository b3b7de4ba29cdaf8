import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SavedTraining, TrainingState } from '@diptych/alignment';
import { encodeSafetensors } from '@diptych/checkpoint';
import { openLastGood } from '@diptych/checkpoint/node';
import { EmbeddingError, isObject, type Json, parseJsonObject } from '@diptych/core';
import { replaceFile } from '@diptych/files/node';
import type { CaptionSplit } from '../caption-split.ts';

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
  /** Captions to learn from, with their labels, which a run must be continued with. */
  readonly train: Pick<CaptionSplit, 'captions' | 'labels'>;
  /** Hash of the model that is trained further. */
  readonly base?: string;
  readonly resume: boolean;
  /** Told when the newest state is damaged and the one before is taken. */
  readonly onDamaged?: ((problem: EmbeddingError) => void) | undefined;
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a run that is there and not to be continued, or of another configuration. */
export async function checkpoint(
  folder: string,
  { config, train: { captions, labels }, base, resume, onDamaged }: CheckpointOptions,
): Promise<Checkpoint> {
  const notes = {
    config: JSON.stringify(config),
    captions: sha256(captions),
    ...(base !== undefined && { base }),
    ...(labels && { labels: sha256(Array.from(labels.of, (number) => labels.names[number]!)) }),
  };
  const path = join(folder, 'checkpoint.safetensors');
  const from = await openLastGood(path, { onDamaged });
  if (from && !resume) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: folder,
      expected: 'a folder without a run',
      got: 'one that holds a run already',
      cure: 'continue it with --resume, or choose another folder',
    });
  }
  if (from) expectSame(from, { ...notes, config }, folder);
  return {
    save: async ({ tensors, metadata }) => replaceFile(path, encodeSafetensors(tensors, { ...metadata, ...notes })),
    ...(from && { from }),
  };
}

function expectSame(
  { metadata }: SavedTraining,
  { config, ...hashes }: { readonly config: Json; readonly [hash: string]: unknown },
  folder: string,
): void {
  const before = parseJsonObject(metadata.get('config') ?? '{}', `${folder}: the state's configuration`);
  const fields = new Set([...Object.keys(before), ...Object.keys(config)]);
  const other = [...fields].filter(
    (field) => !free.has(field) && canonical(before[field]) !== canonical(config[field]),
  );
  for (const [name, hash] of Object.entries(hashes)) if (metadata.get(name) !== hash) other.push(name);
  if (other.length === 0) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: folder,
    expected: 'what the run began with',
    got: `another ${other.join(', ')}`,
  });
}

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, one: unknown) =>
    isObject(one) ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}

function sha256(lines: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex');
}
