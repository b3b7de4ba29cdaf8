import { depthwiseBlocks, depthwiseParts, depthwiseScratchBytes as partBytes } from './depthwise';
import { receiveMoves, sendMoves } from './moves';
import { argument, forAll, partsOf, runParts, setArgument, threads } from './pool';
import { share } from './share';

/** Room for `depthwise`. */
export function depthwiseScratchBytes(): usize {
  return forAll(partBytes());
}

/** `depthwiseParts` for `n` images by all threads. The result is the same to the bit, however many there are. */
export function depthwise(
  x: usize, filter: usize, bias: usize, to: usize, n: i32, times: i32, activation: i32, scratch: usize,
): void {
  const all = n * depthwiseBlocks(times);
  if (ASC_FEATURE_THREADS) {
    if (threads() > 1 && all > 1) {
      setArgument(0, x), setArgument(1, filter), setArgument(2, bias), setArgument(3, to), setArgument(4, times);
      setArgument(5, activation), setArgument(6, all), setArgument(7, partsOf(all));
      sendMoves(8);
      runParts(runDepthwisePart, partsOf(all), scratch, partBytes());
      return;
    }
  }
  depthwiseParts(x, filter, bias, to, times, activation, scratch, 0, all);
}

function runDepthwisePart(part: i32, scratch: usize): void {
  receiveMoves(8);
  const all = <i32>argument(6);
  const parts = <i32>argument(7);
  depthwiseParts(
    argument(0), argument(1), argument(2), argument(3), <i32>argument(4), <i32>argument(5), scratch,
    share(part, parts, all), share(part + 1, parts, all),
  );
}
