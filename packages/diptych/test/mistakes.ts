import type { ErrorCode } from '@diptych/core';
import { expect } from 'vitest';
import { EmbeddingError } from '../src/index.ts';

/** What is called wrongly; the code of the error, and what it says of where, expected and got. */
export type Mistake = readonly [call: () => unknown, code: ErrorCode, where: string, expected: string, got: string];

export const rows = { precision: 'float32', data: Float32Array.of(1, 0, 0, 1), shape: [2, 2], model: 'm' } as const;
export const wide = { ...rows, data: new Float32Array(6), shape: [2, 3] } as const;
export const ofAnother = { ...rows, model: 'n' } as const;

/** In its fields and in its text. */
export async function expectMistake([call, code, where, expected, got]: Mistake): Promise<void> {
  const error: unknown = await (async () => call())().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(EmbeddingError);
  expect(error).toMatchObject({ code, where, expected, got });
  expect(error).toHaveProperty('message', expect.stringContaining(`${where}: expected ${expected}, got ${got}`));
}
