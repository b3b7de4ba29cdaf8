import { expect, vi } from 'vitest';

/** What `?example` makes of a README: see `tools/readme-example.ts`. */
interface Example {
  readonly expected: readonly string[];
}

/** Runs a README's example and asserts that each `console.log` printed what the comment behind it says. */
export async function expectExample(run: () => Promise<Example>): Promise<void> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    const { expected } = await run();
    expect(expected.length, 'lines that say what they print').toBeGreaterThan(0);
    expect(log.mock.calls.map((values) => values.map(text).join(' '))).toEqual(expected);
  } finally {
    log.mockRestore();
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
