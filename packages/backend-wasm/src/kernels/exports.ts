import type { Address } from './tfjs-inside.ts';

/**
 * What the kernels' binary exports; `assembly/` says what each does. Addresses and steps are in bytes, address 0 stands
 * for an absent input.
 */
export interface KernelExports {
  packedBytes(k: number, n: number): number;
  packColumns(from: Address, row: number, column: number, to: Address, k: number, n: number): void;
  /** Largest code of an activation; for int8 255, or 127 where the machine multiplies no more. */
  activationRange(format: number): number;
  quantizedBytes(k: number, n: number, format: number): number;
  quantizeColumns(from: Address, row: number, column: number, to: Address, k: number, n: number, format: number): void;
  unpack(from: Address, to: Address, k: number, n: number, format: number): void;
  gemmScratchBytes(): number;
  gemm(
    format: number,
    a: Address,
    aRow: number,
    aColumn: number,
    packed: Address,
    c: Address,
    cRow: number,
    m: number,
    k: number,
    n: number,
    bias: Address,
    activation: number,
    residual: Address,
    scratch: Address,
  ): void;
  layerNorm(
    from: Address,
    weight: Address,
    bias: Address,
    to: Address,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  softmax(
    from: Address,
    to: Address,
    rows: number,
    width: number,
    step: number,
    scale: number,
    mask: Address,
    maskStep: number,
  ): void;
  attentionScratchBytes(queries: number, keys: number, size: number): number;
  attention(
    q: Address,
    qRow: number,
    k: Address,
    v: Address,
    kRow: number,
    to: Address,
    n: number,
    heads: number,
    queries: number,
    keys: number,
    size: number,
    mask: Address,
    maskItem: number,
    maskHead: number,
    maskQuery: number,
    scratch: Address,
  ): void;
  activate(from: Address, to: Address, size: number, activation: number): void;
  patchify(from: Address, to: Address, n: number, height: number, width: number, channels: number, patch: number): void;
  filterMoves(
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    filterHeight: number,
    filterWidth: number,
    top: number,
    left: number,
    strideY: number,
    strideX: number,
    dilationY: number,
    dilationX: number,
  ): void;
  readPatches(images: Address, rows: Address, first: number, count: number): void;
  addPatches(images: Address, rows: Address, first: number, count: number): void;
  zeros(to: Address, count: number): void;
  divide(at: Address, count: number, by: number): void;
  maxPoolGrad(x: Address, y: Address, dy: Address, dx: Address, n: number): void;
  depthwiseFilterGrad(x: Address, dy: Address, dFilter: Address, n: number, multiplier: number): void;
  depthwiseInputGrad(dx: Address, dy: Address, filter: Address, n: number, multiplier: number): void;
  adam(
    value: Address,
    gradient: Address,
    mean: Address,
    square: Address,
    newValue: Address,
    newMean: Address,
    newSquare: Address,
    size: number,
    first: number,
    restOfFirst: number,
    second: number,
    restOfSecond: number,
    keep: number,
    rate: number,
    correction: number,
    epsilon: number,
  ): void;
  batchNorm(
    x: Address,
    weight: Address,
    bias: Address,
    y: Address,
    mean: Address,
    variance: Address,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  batchNormGrad(
    x: Address,
    weight: Address,
    dy: Address,
    dx: Address,
    dWeight: Address,
    dBias: Address,
    rows: number,
    width: number,
    epsilon: number,
    scratch: Address,
  ): void;
  rowSums(from: Address, to: Address, rows: number, width: number): void;
  gather(from: Address, ids: Address, to: Address, outer: number, rows: number, count: number, bytes: number): number;
  segmentSum(from: Address, ids: Address, to: Address, rows: number, width: number, segments: number): void;
  activateGrad(x: Address, dy: Address, dx: Address, size: number, activation: number): void;
  columnSums(from: Address, to: Address, rows: number, width: number): void;
  layerNormGrad(
    x: Address,
    weight: Address,
    dy: Address,
    dx: Address,
    dWeight: Address,
    dBias: Address,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  gruStep(gates: Address, products: Address, previous: Address, next: Address, rows: number, hidden: number): void;
  gruStepGrad(
    gates: Address,
    products: Address,
    previous: Address,
    dNext: Address,
    dGates: Address,
    dProducts: Address,
    dPrevious: Address,
    rows: number,
    hidden: number,
  ): void;
  lstmStep(
    gates: Address,
    products: Address,
    cells: Address,
    next: Address,
    nextCells: Address,
    rows: number,
    hidden: number,
  ): void;
  lstmStepGrad(
    gates: Address,
    cells: Address,
    nextCells: Address,
    dNext: Address,
    dNextCells: Address,
    dGates: Address,
    dCells: Address,
    rows: number,
    hidden: number,
  ): void;
  addRows(from: Address, ids: Address, to: Address, rows: number, width: number): void;
  pairSums(
    scores: Address,
    scale: number,
    rows: number,
    columns: number,
    tops: Address,
    sums: Address,
    columnTops: Address,
    columnSums: Address,
  ): void;
  pairSlopes(
    scores: Address,
    slopes: Address,
    scale: number,
    rows: number,
    columns: number,
    tops: Address,
    factors: Address,
    columnTops: Address,
    columnFactors: Address,
  ): number;
  pairSigmoid(
    scores: Address,
    slopes: Address,
    scale: number,
    bias: number,
    weight: number,
    rows: number,
    columns: number,
    first: number,
    sums: Address,
  ): void;
  attentionGradScratchBytes(length: number, size: number): number;
  attentionGrad(
    q: Address,
    k: Address,
    v: Address,
    row: number,
    dy: Address,
    dq: Address,
    dk: Address,
    dv: Address,
    n: number,
    heads: number,
    length: number,
    size: number,
    mask: Address,
    maskItem: number,
    maskHead: number,
    maskQuery: number,
    dScores: Address,
    scratch: Address,
  ): void;
}

/** What the builds for shared memory export besides. */
export interface ThreadExports extends KernelExports {
  controlBytes(): number;
  runningWorkers(): number;
  setThreads(control: Address, threads: number, mayWait: boolean): void;
}
