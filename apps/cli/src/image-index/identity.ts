import { cosineSimilarity, EmbeddingError, type Embeddings, type Precision } from '@diptych/core';
import type { LogRecord } from './record-log.ts';

/** What all rows of an index have in common. */
export interface Identity {
  readonly precision: Precision;
  /** One row of a picture that never changes: two models that agree here are the same, whatever their names. */
  readonly probe: Embeddings;
}

/** The first record of an index. */
interface Meta {
  readonly format: 'diptych-image-index';
  readonly version: 1;
  readonly model: string;
  readonly dim: number;
  readonly precision: Precision;
}

/** Other backends and rounding stay above it, other weights and preprocessing fall far below. */
const sameModel = 0.999;

export function identityRecord({ precision, probe }: Identity): LogRecord {
  const meta: Meta = { format: 'diptych-image-index', version: 1, model: probe.model, dim: probe.shape[1], precision };
  return { meta, payload: new Uint8Array(probe.data.buffer, probe.data.byteOffset, probe.data.byteLength) };
}

/** @throws {EmbeddingError} `INPUT_INVALID` with the cure, when the index was made by something else. */
export function checkIdentity(file: string, { meta, payload }: LogRecord, { precision, probe }: Identity): void {
  const { format, version, ...stored } = meta as Meta;
  const cure = 'delete the index, or keep it and use another --index';
  const refuse = (expected: string, got: string) => {
    throw new EmbeddingError('INPUT_INVALID', `${file}: expected ${expected}, found ${got}; ${cure}`);
  };
  if (format !== 'diptych-image-index' || version !== 1) refuse('an image index of version 1', `${format} ${version}`);
  if (stored.precision !== precision) refuse(`rows of ${precision}`, `${stored.precision} (or --precision to match)`);
  if (stored.model !== probe.model) refuse(`the model '${probe.model}'`, `'${stored.model}'`);
  if (stored.dim !== probe.shape[1]) refuse(`rows of dimension ${probe.shape[1]}`, `${stored.dim}`);
  const before: Embeddings = { ...probe, data: new Float32Array(new Uint8Array(payload).buffer) };
  const agreement = cosineSimilarity(before, probe)[0]!;
  if (!(agreement >= sameModel)) {
    refuse(`the weights of '${probe.model}'`, `those of another of that name (cosine ${agreement.toFixed(3)})`);
  }
}
