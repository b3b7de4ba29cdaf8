import {
  cosineSimilarity,
  EmbeddingError,
  type Embeddings,
  type JsonKind,
  parseJson,
  type Precision,
  type Problem,
  quantize,
} from '@diptych/core';
import type { Metadata, Store, StoreConfig } from '@diptych/retrieval';

/** What all rows of an index have in common. */
export interface Identity {
  readonly precision: Precision;
  /** One row of a picture or sound that never changes: two models that agree here are the same, whatever their names. */
  readonly probe: Embeddings;
}

/** The first row, of no file; keys are paths, and none is like this. */
export const probeId = 'diptych:probe';

/** Other backends and rounding stay above it, other weights and preprocessing fall far below. */
const sameModel = 0.999;

const cure = 'delete the index, or keep it and use another --index';

/** How the store of an index is made: rows know size and time of their file, the probe all its digits. */
export function storeConfig({ precision, probe }: Identity): StoreConfig {
  const fields = { size: 'number', mtimeMs: 'number', probe: 'string' } as const;
  return { model: probe.model, dim: probe.shape[1], precision, fields };
}

/** Remembers the probe in a new index, and compares it with that of one that is there. */
export async function checkProbe(folder: string, store: Store, { precision, probe }: Identity): Promise<void> {
  const [stored] = await store.get([probeId]);
  if (!stored) return store.add([probeId], quantize(probe, precision), [metadataOf(probe)]);
  const before = { ...probe, data: probeIn(stored.metadata) };
  const agreement = cosineSimilarity(before, probe)[0]!;
  if (agreement >= sameModel) return;
  const got = `those of another of that name (cosine ${agreement.toFixed(3)})`;
  throw cured({ where: folder, expected: `the weights of '${probe.model}'`, got }, cure);
}

/** What a store refuses, with what to do about it. */
export function withCure(error: unknown): unknown {
  if (!(error instanceof EmbeddingError) || error.code !== 'INPUT_INVALID') return error;
  if (/expected a store|damaged at/.test(error.message)) return cured(error, cure, error);
  return cured(
    error,
    error.cure === undefined ? 'use another --index' : `${error.cure}; or use another --index`,
    error,
  );
}

function cured({ where, expected, got }: Problem, what: string, cause?: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where, expected, got, cure: what }, { cause });
}

function metadataOf({ data }: Embeddings): Metadata {
  return { probe: JSON.stringify([...data]) };
}

function probeIn({ probe }: Metadata): Float32Array {
  return Float32Array.from(parseJson(String(probe), `the row of ${probeId}`, probeJson) as number[]);
}

const probeJson: JsonKind = { code: 'INPUT_INVALID', maxBytes: 2 ** 24, maxValues: 2 ** 20 };
