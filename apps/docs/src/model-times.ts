import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Json, parseJsonObject } from '@diptych/core';

/** Milliseconds of one item on one thread. */
export interface Times {
  readonly float32: number;
  readonly int8: number;
}

export interface ModelTimes {
  readonly cpu: string;
  readonly node: string;
  /** By the names of `knownModels`. */
  readonly models: Readonly<Record<string, { readonly image?: Times; readonly text?: Times }>>;
}

const file = fileURLToPath(new URL('../../../docs/model-times.json', import.meta.url));

/** As `bench:models` wrote them. */
export function modelTimes(): ModelTimes {
  return parseJsonObject(readFileSync(file, 'utf8'), file) as Json & ModelTimes;
}
