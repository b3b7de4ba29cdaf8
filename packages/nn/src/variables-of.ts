import { Variable } from '@tensorflow/tfjs-core';

/** Every variable in a tree of parameters, in order. */
export function variablesOf(params: unknown): Variable[] {
  if (params instanceof Variable) return [params];
  if (typeof params !== 'object' || params === null) return [];
  return Object.values(params).flatMap(variablesOf);
}
