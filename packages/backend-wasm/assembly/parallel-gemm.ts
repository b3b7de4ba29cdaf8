import { COLUMNS } from './columns';
import { gemmColumns, scratchBytes as serialBytes } from './gemm';
import { FLOAT32 } from './format';
import { receivePlaces, sendPlaces } from './places';
import { argument, forAll, PARTS, runParts, setArgument, threads } from './pool';
import { share } from './share';

/** Multiplications that are worth waking a thread for: some 50 microseconds of them. */
const FEW: i64 = 1 << 20;
/** Rows of one part: they are packed once. */
const ROWS_AT_MOST: i32 = 192;
/** Fewest rows of one part of integers: all columns are read again for each part. */
const INT_ROWS_AT_LEAST: i32 = 16;
/** Fewest columns of one part: packing its rows is 4 % of the work then. */
const COLUMNS_AT_LEAST: i32 = 192;
/** Parts for each thread: whoever starts late takes fewer. */
const PARTS_EACH: i32 = 4;
/** The same for integers, whose rows are better not quantised again for other columns. */
const INT_PARTS_EACH: i32 = 2;

/** Room for a product, see `gemm`. */
export function scratchBytes(): usize {
  return forAll(serialBytes());
}

/** `gemmColumns` by all threads. The result is the same to the bit, however many there are. */
export function gemm(
  numbers: i32, a: usize, aRow: usize, aColumn: usize, b: usize, to: usize, cRow: usize,
  m: i32, k: i32, n: i32, scale: usize, bias: usize, activation: i32, residual: usize, scratch: usize,
  from: i32, end: i32,
): void {
  if (ASC_FEATURE_THREADS) {
    if (threads() > 1 && <i64>m * <i64>k * <i64>(end - from) >= FEW) {
      setArgument(0, numbers), setArgument(1, a), setArgument(2, aRow), setArgument(3, aColumn);
      setArgument(4, b), setArgument(5, to), setArgument(6, cRow), setArgument(7, m), setArgument(8, k);
      setArgument(9, n), setArgument(10, bias), setArgument(11, activation), setArgument(12, residual);
      const rowParts = rowPartsOf(m, numbers);
      const columnParts = columnPartsOf(end - from, rowParts, numbers);
      setArgument(13, rowParts), setArgument(14, columnParts), setArgument(15, scale);
      setArgument(16, from), setArgument(17, end);
      if (!aColumn) sendPlaces(18);
      runParts(runGemmPart, rowParts * columnParts, scratch, serialBytes());
      return;
    }
  }
  gemmColumns(
    numbers, a, aRow, aColumn, b, to, cRow, m, k, n, scale, bias, activation, residual, scratch, from, end,
  );
}

/** A whole number for each thread, so that all end at about the same time; one where columns can be shared instead. */
function rowPartsOf(m: i32, format: i32): i32 {
  const least = roundUp((m + ROWS_AT_MOST - 1) / ROWS_AT_MOST, threads());
  if (format == FLOAT32) return m <= ROWS_AT_MOST ? 1 : min(PARTS, least);
  const most = min(INT_PARTS_EACH, m / INT_ROWS_AT_LEAST / threads()) * threads();
  return most == 0 ? 1 : min(PARTS, max(least, most));
}

function columnPartsOf(n: i32, rowParts: i32, format: i32): i32 {
  const wanted = ((format == FLOAT32 ? PARTS_EACH : 1) * threads()) / rowParts;
  return max(1, min(min(wanted, n / COLUMNS_AT_LEAST), PARTS / rowParts));
}

function roundUp(size: i32, step: i32): i32 {
  return ((size + step - 1) / step) * step;
}

function runGemmPart(part: i32, scratch: usize): void {
  if (!argument(3)) receivePlaces(18);
  const aRow = argument(2);
  const cRow = argument(6);
  const m = <i32>argument(7);
  const from = <i32>argument(16);
  const end = <i32>argument(17);
  const residual = argument(12);
  const rowParts = <i32>argument(13);
  const columnParts = <i32>argument(14);
  const row = part / columnParts;
  const column = part % columnParts;
  const top = share(row, rowParts, m);
  const panels = (end - from + COLUMNS - 1) / COLUMNS;
  gemmColumns(
    <i32>argument(0), argument(1) + <usize>top * aRow, aRow, argument(3), argument(4),
    argument(5) + <usize>top * cRow, cRow, share(row + 1, rowParts, m) - top, <i32>argument(8),
    <i32>argument(9), argument(15), argument(10), <i32>argument(11), residual ? residual + <usize>top * cRow : 0, scratch,
    from + share(column, columnParts, panels) * COLUMNS, min(end, from + share(column + 1, columnParts, panels) * COLUMNS),
  );
}
