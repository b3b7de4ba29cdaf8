import { turn } from '@diptych/core';

/**
 * How many turns of the event loop a computation goes on for when its signal is aborted in the middle: one or two where
 * each of its pieces looks. Rejects if it is at its end before, or ends otherwise than with the signal's reason.
 *
 * @param before Turns until the signal is aborted.
 */
export async function turnsAfterAbort(compute: (signal: AbortSignal) => Promise<unknown>, before = 2): Promise<number> {
  const controller = new AbortController();
  const reason = new Error('enough');
  const end = { reached: false, with: undefined as unknown };
  const reached = (value: unknown) => Object.assign(end, { reached: true, with: value });
  void compute(controller.signal).then(() => reached('a result'), reached);
  for (let i = 0; i < before; i++) await turn();
  if (end.reached) throw new Error(`expected to be under way after ${before} turns, ended with ${String(end.with)}`);
  controller.abort(reason);
  let turns = 0;
  for (; !end.reached; turns++) await turn();
  if (end.with !== reason) throw new Error(`expected to be aborted, ended with ${String(end.with)}`);
  return turns;
}
