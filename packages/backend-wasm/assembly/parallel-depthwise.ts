import { depthwiseBlocks, depthwiseParts, depthwiseScratchBytes as partBytes } from './depthwise';
import {
  channels, dilationX, dilationY, filterHeight, filterMoves, filterWidth, height, left, outHeight, outWidth, strideX,
  strideY, top, width,
} from './moves';
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
      setArgument(8, height), setArgument(9, width), setArgument(10, channels), setArgument(11, outHeight);
      setArgument(12, outWidth), setArgument(13, filterHeight), setArgument(14, filterWidth), setArgument(15, top);
      setArgument(16, left), setArgument(17, strideY), setArgument(18, strideX), setArgument(19, dilationY);
      setArgument(20, dilationX);
      runParts(runDepthwisePart, partsOf(all), scratch, partBytes());
      return;
    }
  }
  depthwiseParts(x, filter, bias, to, times, activation, scratch, 0, all);
}

function runDepthwisePart(part: i32, scratch: usize): void {
  filterMoves(
    <i32>argument(8), <i32>argument(9), <i32>argument(10), <i32>argument(11), <i32>argument(12), <i32>argument(13),
    <i32>argument(14), <i32>argument(15), <i32>argument(16), <i32>argument(17), <i32>argument(18), <i32>argument(19),
    <i32>argument(20),
  );
  const all = <i32>argument(6);
  const parts = <i32>argument(7);
  depthwiseParts(
    argument(0), argument(1), argument(2), argument(3), <i32>argument(4), <i32>argument(5), scratch,
    share(part, parts, all), share(part + 1, parts, all),
  );
}
