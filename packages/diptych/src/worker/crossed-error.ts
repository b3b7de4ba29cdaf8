import { EmbeddingError, type ErrorCode, type Problem } from '@diptych/core';

/** An error as it is posted: the other thread has classes of its own. */
export interface Crossed {
  readonly code?: ErrorCode;
  readonly name: string;
  /** The text, where there are no fields that it is made of. */
  readonly problem: Problem | string;
  readonly cause?: Crossed;
}

export function cross(error: unknown): Crossed {
  if (!(error instanceof Error)) return { name: 'Error', problem: String(error) };
  const cause = error.cause instanceof Error ? { cause: cross(error.cause) } : {};
  if (!(error instanceof EmbeddingError)) return { name: error.name, problem: error.message, ...cause };
  const { code, name, message, where, expected, got, cure } = error;
  const hasFields = where !== undefined && expected !== undefined;
  const problem = hasFields ? { where, expected, got, ...(cure !== undefined && { cure }) } : message;
  return { code, name, problem, ...cause };
}

export function crossed({ code, name, problem, cause }: Crossed): Error {
  const options = cause && { cause: crossed(cause) };
  if (code !== undefined) return new EmbeddingError(code, problem, options);
  const error = new Error(typeof problem === 'string' ? problem : problem.where, options);
  error.name = name;
  return error;
}
