import { EmbeddingError } from '@diptych/core';

const addressSpace =
  "a WebAssembly memory takes up to 10 GiB of address space, if not of memory: raise the process's limit (ulimit -v)";

/** Why something in WebAssembly did not start, and what to do: `cure`, where the reason is not one that we know. */
export function cannotStart(user: string, cause: unknown, cure: string): EmbeddingError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const known = /out of memory|could not allocate/i.test(reason) ? `${addressSpace}, or ${cure}` : cure;
  const problem = { where: user, expected: 'to start', got: reason, cure: known };
  return new EmbeddingError('BACKEND_UNAVAILABLE', problem, { cause });
}
