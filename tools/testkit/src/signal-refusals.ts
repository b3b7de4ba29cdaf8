import { given } from '@diptych/golden';
import { expect } from 'vitest';

/** What is taken for a signal, and what the error says of it. */
const noSignals: readonly (readonly [value: unknown, got: string])[] = [
  [0, '0'],
  [5, '5'],
  [null, 'null'],
  [{}, 'an object with nothing'],
  [new AbortController(), 'a AbortController'],
];

/** What can be stopped refuses what is no signal, with a code and fields. */
export async function expectSignalRefusals(run: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  for (const [value, got] of noSignals) {
    const error: unknown = await run(given(value)).catch((cause: unknown) => cause);
    const where: unknown = expect.stringMatching(/\bsignal$/);
    const fields = { code: 'INPUT_INVALID', where, expected: 'an object with throwIfAborted', got };
    expect(error).toMatchObject({ name: 'EmbeddingError', ...fields });
  }
}
