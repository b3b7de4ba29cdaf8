/**
 * How many pieces of a long computation are done when a timer that was set in the first one aborts its signal: few where
 * timers run between pieces, all where they do not. Rejects if it goes on to its end.
 *
 * @param compute Calls `piece` in each of its pieces, which takes longer than the timer.
 */
export async function piecesUntilAbort(
  compute: (signal: AbortSignal, piece: () => void) => Promise<unknown>,
): Promise<number> {
  const controller = new AbortController();
  const reason = new Error('enough');
  let pieces = 0;
  const piece = () => {
    if (pieces++ === 0) setTimeout(() => controller.abort(reason));
    for (const end = performance.now() + 5; performance.now() < end;);
  };
  const end: unknown = await compute(controller.signal, piece).catch((error: unknown) => error);
  if (end !== reason) throw new Error(`expected to be aborted, ended after ${pieces} pieces with ${String(end)}`);
  return pieces;
}
