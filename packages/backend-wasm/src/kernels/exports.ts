// Made of `assembly/index.ts` by `tools/kernels.mjs`: not by hand.

/** What the binary of `assembly/index.ts` exports; the sources say what each does. */
export interface KernelExports {
  activate(from: number, to: number, size: number, kind: number): void;
  activateGrad(x: number, dy: number, dx: number, size: number, kind: number): void;
  adam(of: {
    readonly value: number;
    readonly gradient: number;
    readonly mean: number;
    readonly square: number;
    readonly newValue: number;
    readonly newMean: number;
    readonly newSquare: number;
    readonly size: number;
    readonly first: number;
    readonly restOfFirst: number;
    readonly second: number;
    readonly restOfSecond: number;
    readonly keep: number;
    readonly rate: number;
    readonly correction: number;
    readonly epsilon: number;
  }): void;
  batchNorm(
    x: number,
    weight: number,
    bias: number,
    y: number,
    mean: number,
    variance: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  batchNormGrad(of: {
    readonly x: number;
    readonly weight: number;
    readonly dy: number;
    readonly dx: number;
    readonly dWeight: number;
    readonly dBias: number;
    readonly rows: number;
    readonly width: number;
    readonly epsilon: number;
    readonly scratch: number;
  }): void;
  columnSums(from: number, to: number, rows: number, width: number): void;
  depthwiseFilterGrad(x: number, dy: number, dFilter: number, n: number, multiplier: number): void;
  depthwiseInputGrad(dx: number, dy: number, filter: number, n: number, multiplier: number): void;
  depthwise(
    x: number,
    filter: number,
    bias: number,
    to: number,
    n: number,
    times: number,
    activation: number,
    scratch: number,
  ): void;
  depthwiseScratchBytes(): number;
  activationRange(format: number): number;
  gather(from: number, ids: number, to: number, outer: number, rows: number, count: number, bytes: number): number;
  layerNorm(from: number, weight: number, bias: number, to: number, rows: number, width: number, epsilon: number): void;
  layerNormGrad(
    x: number,
    weight: number,
    dy: number,
    dx: number,
    dWeight: number,
    dBias: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  maxPoolGrad(x: number, y: number, dy: number, dx: number, n: number): void;
  filterMoves(of: {
    readonly imageHeight: number;
    readonly imageWidth: number;
    readonly depth: number;
    readonly newHeight: number;
    readonly newWidth: number;
    readonly sizeY: number;
    readonly sizeX: number;
    readonly padTop: number;
    readonly padLeft: number;
    readonly stepY: number;
    readonly stepX: number;
    readonly spreadY: number;
    readonly spreadX: number;
  }): void;
  packColumns(from: number, row: number, column: number, to: number, k: number, n: number): void;
  packedBytes(k: number, n: number): number;
  addPatches(images: number, rows: number, first: number, count: number): void;
  readPatches(images: number, rows: number, first: number, count: number): void;
  attention(of: {
    readonly q: number;
    readonly qRow: number;
    readonly k: number;
    readonly v: number;
    readonly kRow: number;
    readonly to: number;
    readonly n: number;
    readonly heads: number;
    readonly queries: number;
    readonly keys: number;
    readonly size: number;
    readonly mask: number;
    readonly maskItem: number;
    readonly maskHead: number;
    readonly maskQuery: number;
    readonly starts: number;
    readonly scratch: number;
  }): void;
  attentionGrad(of: {
    readonly q: number;
    readonly k: number;
    readonly v: number;
    readonly row: number;
    readonly dy: number;
    readonly dq: number;
    readonly dk: number;
    readonly dv: number;
    readonly n: number;
    readonly heads: number;
    readonly length: number;
    readonly size: number;
    readonly mask: number;
    readonly maskItem: number;
    readonly maskHead: number;
    readonly maskQuery: number;
    readonly dScores: number;
    readonly scratch: number;
  }): void;
  attentionGradScratchBytes(length: number, size: number): number;
  attentionScratchBytes(queries: number, keys: number, size: number): number;
  gemm(of: {
    readonly numbers: number;
    readonly a: number;
    readonly aRow: number;
    readonly aColumn: number;
    readonly b: number;
    readonly to: number;
    readonly cRow: number;
    readonly m: number;
    readonly k: number;
    readonly n: number;
    readonly scale: number;
    readonly bias: number;
    readonly activation: number;
    readonly residual: number;
    readonly scratch: number;
    readonly from: number;
    readonly end: number;
  }): void;
  gemmScratchBytes(): number;
  pairSigmoid(
    scores: number,
    slopes: number,
    scale: number,
    bias: number,
    weight: number,
    rows: number,
    columns: number,
    first: number,
    sums: number,
  ): void;
  pairSlopes(
    scores: number,
    slopes: number,
    scale: number,
    rows: number,
    columns: number,
    tops: number,
    factors: number,
    columnTops: number,
    columnFactors: number,
  ): number;
  pairSums(
    scores: number,
    scale: number,
    rows: number,
    columns: number,
    tops: number,
    sums: number,
    columnTops: number,
    columnSums: number,
  ): void;
  patchify(from: number, to: number, n: number, height: number, width: number, channels: number, patch: number): void;
  writePlaces(
    images: number,
    imageBytes: number,
    outside: number,
    outsideBytes: number,
    n: number,
    pixelSteps: number,
    to: number,
  ): void;
  quantizeColumns(
    from: number,
    row: number,
    column: number,
    to: number,
    k: number,
    n: number,
    format: number,
    channels: number,
  ): void;
  quantizeImage(
    from: number,
    to: number,
    pixels: number,
    channels: number,
    b: number,
    k: number,
    n: number,
    format: number,
  ): boolean;
  quantizedBytes(k: number, n: number, format: number): number;
  addRows(from: number, ids: number, to: number, rows: number, width: number): void;
  gruStep(gates: number, products: number, previous: number, next: number, rows: number, hidden: number): void;
  gruStepGrad(
    gates: number,
    products: number,
    previous: number,
    dNext: number,
    dGates: number,
    dProducts: number,
    dPrevious: number,
    rows: number,
    hidden: number,
  ): void;
  lstmStep(
    gates: number,
    products: number,
    cells: number,
    next: number,
    nextCells: number,
    rows: number,
    hidden: number,
  ): void;
  lstmStepGrad(
    gates: number,
    cells: number,
    nextCells: number,
    dNext: number,
    dNextCells: number,
    dGates: number,
    dCells: number,
    rows: number,
    hidden: number,
  ): void;
  rowSums(from: number, to: number, rows: number, width: number): void;
  divide(at: number, count: number, by: number): void;
  zeros(to: number, count: number): void;
  segmentSum(from: number, ids: number, to: number, rows: number, width: number, segments: number): void;
  unpack(from: number, to: number, k: number, n: number, format: number): void;
  softmax(
    from: number,
    to: number,
    rows: number,
    width: number,
    step: number,
    scale: number,
    mask: number,
    maskStep: number,
  ): void;
}

/** The exports of an instance. */
export function readExports(exports: WebAssembly.Exports): KernelExports {
  const raw = exports as Record<string, (...given: number[]) => number>;
  const byName: Partial<KernelExports> = {
    adam: (of) =>
      raw['adam']!(
        of.value,
        of.gradient,
        of.mean,
        of.square,
        of.newValue,
        of.newMean,
        of.newSquare,
        of.size,
        of.first,
        of.restOfFirst,
        of.second,
        of.restOfSecond,
        of.keep,
        of.rate,
        of.correction,
        of.epsilon,
      ),
    batchNormGrad: (of) =>
      raw['batchNormGrad']!(
        of.x,
        of.weight,
        of.dy,
        of.dx,
        of.dWeight,
        of.dBias,
        of.rows,
        of.width,
        of.epsilon,
        of.scratch,
      ),
    filterMoves: (of) =>
      raw['filterMoves']!(
        of.imageHeight,
        of.imageWidth,
        of.depth,
        of.newHeight,
        of.newWidth,
        of.sizeY,
        of.sizeX,
        of.padTop,
        of.padLeft,
        of.stepY,
        of.stepX,
        of.spreadY,
        of.spreadX,
      ),
    attention: (of) =>
      raw['attention']!(
        of.q,
        of.qRow,
        of.k,
        of.v,
        of.kRow,
        of.to,
        of.n,
        of.heads,
        of.queries,
        of.keys,
        of.size,
        of.mask,
        of.maskItem,
        of.maskHead,
        of.maskQuery,
        of.starts,
        of.scratch,
      ),
    attentionGrad: (of) =>
      raw['attentionGrad']!(
        of.q,
        of.k,
        of.v,
        of.row,
        of.dy,
        of.dq,
        of.dk,
        of.dv,
        of.n,
        of.heads,
        of.length,
        of.size,
        of.mask,
        of.maskItem,
        of.maskHead,
        of.maskQuery,
        of.dScores,
        of.scratch,
      ),
    gemm: (of) =>
      raw['gemm']!(
        of.numbers,
        of.a,
        of.aRow,
        of.aColumn,
        of.b,
        of.to,
        of.cRow,
        of.m,
        of.k,
        of.n,
        of.scale,
        of.bias,
        of.activation,
        of.residual,
        of.scratch,
        of.from,
        of.end,
      ),
  };
  return Object.assign({}, exports as object, byName) as KernelExports;
}
