import { EmbeddingError, type ErrorCode, type Problem } from '@diptych/core';

/** An error as it is posted: the other thread has classes of its own. */
export interface Crossed {
  readonly code?: ErrorCode;
  readonly name: string;
  /** The text of an error that is not ours. */
  readonly problem: Problem | string;
  readonly cause?: Crossed;
}

export function cross(error: unknown): Crossed {
  if (!(error instanceof Error)) return { name: 'Error', problem: String(error) };
  const cause = error.cause instanceof Error ? { cause: cross(error.cause) } : {};
  if (!(error instanceof EmbeddingError)) return { name: error.name, problem: error.message, ...cause };
  const { code, name, where, expected, got, cure } = error;
  return { code, name, problem: { where, expected, got, ...(cure !== undefined && { cure }) }, ...cause };
}

export function crossed({ code, name, problem, cause }: Crossed): Error {
  const options = cause && { cause: crossed(cause) };
  if (code !== undefined && typeof problem !== 'string') return new EmbeddingError(code, problem, options);
  const error = new Error(typeof problem === 'string' ? problem : problem.where, options);
  error.name = name;
  return error;
}
