import { EmbeddingError } from '@diptych/core';

/** What the disk or a driver refuses, by its place: `done` is what could not be done with it. */
export function refused(where: string, done: string, cause: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where, expected: `what can be ${done}`, got: cause }, { cause });
}

/** The same error with the file before its place. */
export function inFile(file: string, error: EmbeddingError): EmbeddingError {
  const { code, where, expected, got, cure } = error;
  return new EmbeddingError(code, { where: `${file}: ${where}`, expected, got, cure }, { cause: error });
}

/** A driver is an optional peer: its package, and others that are installed with it. */
export function notInstalled(packages: string, cause: unknown): EmbeddingError {
  const [where = packages] = packages.split(' ');
  const problem = { where, expected: 'the package', got: 'none that loads', cure: `npm install ${packages}` };
  return new EmbeddingError('NOT_FOUND', problem, { cause });
}

export function notWritable(where: string): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', {
    where,
    expected: 'a store open for writing',
    got: 'one open for reading',
  });
}
