import { checkSignal, expectMembers } from './arguments.ts';
import { turn } from './stream.ts';

/** A long computation in pieces of some ten milliseconds, with its result at the end. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All pieces at once, for what is short and may not wait. */
export function atOnce<T>(steps: Steps<T>): T {
  expectMembers(steps, 'atOnce', 'next');
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** One piece after the other, the event loop turning between them. Rejects with `signal.reason` when it is aborted. */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  expectMembers(steps, 'inTurns', 'next');
  checkSignal(signal);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    // Thrown where the piece waits, so that what it holds is let go.
    await turn(signal).catch((reason: unknown) => steps.throw(reason));
  }
}
