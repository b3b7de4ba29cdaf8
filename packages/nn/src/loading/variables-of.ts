import { Tensor, Variable } from '@tensorflow/tfjs-core';

/** Every variable in a tree of parameters, in order. */
export function variablesOf(params: unknown): Variable[] {
  return tensorsOf(params).filter((tensor) => tensor instanceof Variable);
}

/** Every tensor, variables too. */
export function tensorsOf(params: unknown): Tensor[] {
  if (params instanceof Tensor) return [params];
  // The codes of a table are typed arrays, whose members are numbers, and more than an array of JavaScript can have.
  if (typeof params !== 'object' || params === null || ArrayBuffer.isView(params)) return [];
  return Object.values(params).flatMap(tensorsOf);
}
