import { EmbeddingError } from '@diptych/core';
import { expectClose } from '@diptych/testkit';
import { expect } from 'vitest';
import type { EmbeddingSpace } from '../../src/index.ts';
import { type Kind, pictures, refused } from './kinds.ts';

/** Asserts that a space embeds the kind's texts and pictures as Python does. */
export async function expectRows(space: EmbeddingSpace, { texts, text, image }: Kind): Promise<void> {
  if (text) expectUnitRows((await space.embed('text', texts)).data, text);
  if (image) expectUnitRows((await space.embed('image', await pictures())).data, image);
}

function expectUnitRows(got: Float32Array, rows: readonly (readonly number[])[]): void {
  const unit = rows.flatMap((row) => {
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
  expectClose(got, Float32Array.from(unit), 1e-6);
}

/** Asserts that opening fails, with what the kind's message has to say. */
export async function expectRefused(kind: string, opened: Promise<EmbeddingSpace>): Promise<void> {
  const error = await opened.then(
    (space) => space[Symbol.dispose](),
    (reason: unknown) => reason,
  );
  expect(error, 'refused').toBeInstanceOf(EmbeddingError);
  const { message } = error as EmbeddingError;
  for (const pattern of refused[kind]!) expect(message).toMatch(pattern);
}
