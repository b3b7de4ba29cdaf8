import { readBeside } from '@diptych/core';
import { type Kernel, type PackedWeights, packedWeights } from '../filters.ts';
import type { Image, Window } from '../image.ts';

/** What the binary exports; `assembly/` says what each does. Addresses in bytes. */
interface ResizeExports {
  horizontal(
    from: number,
    rowBytes: number,
    rows: number,
    channels: number,
    first: number,
    weights: number,
    groups: number,
    samples: number,
    to: number,
    toBytes: number,
  ): void;
  vertical(
    from: number,
    step: number,
    rowBytes: number,
    first: number,
    weights: number,
    groups: number,
    rows: number,
    to: number,
  ): void;
}

/** The kernels over a memory of their own. */
export interface ResizeKernels extends ResizeExports {
  readonly memory: WebAssembly.Memory;
}

/** Throws where the engine has no SIMD or the binary, which lies beside this code, cannot be read. */
export async function loadResizeKernels(): Promise<ResizeKernels> {
  const bytes = await readBeside(new URL('./diptych-resize.wasm', import.meta.url));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return { ...(instance.exports as WebAssembly.Exports & ResizeExports), memory };
}

/** Source rows come into the memory so many bytes at a time: they stay in the cache. */
const bandBytes = 2 ** 18;
/** Work that needs more is left to plain JavaScript: a memory never shrinks. */
const mostBytes = 2 ** 26;
const pageBytes = 65_536;

/** As `resample`, bit for bit; `undefined` where that has to be done without the kernels. */
export function simdResample(
  kernels: ResizeKernels,
  image: Image,
  kernel: Kernel,
  size: { readonly width: number; readonly height: number },
  window: Window,
): Uint8Array | undefined {
  const columns = packedWeights(kernel, image.width, size.width, [window.left, window.width]);
  const rows = packedWeights(kernel, image.height, size.height, [window.top, window.height]);
  if (!columns || !rows) return undefined;
  const work: Work = { image, columns, rows };
  const places = placesOf(work);
  return grow(kernels.memory, places.bytes) ? run(kernels, work, places) : undefined;
}

interface Work {
  readonly image: Image;
  readonly columns: PackedWeights;
  readonly rows: PackedWeights;
}

/** Addresses; what is read or written behind an end lies inside the next. */
interface Places {
  readonly columns: Table;
  readonly rows: Table;
  readonly band: number;
  readonly bandRows: number;
  readonly narrow: number;
  readonly out: number;
  readonly bytes: number;
}

interface Table {
  readonly first: number;
  readonly weights: number;
}

function placesOf({ image, columns, rows }: Work): Places {
  const { start: top, end: bottom } = rows;
  let end = 0;
  const place = (bytes: number) => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const table = ({ first, weights }: PackedWeights) => ({
    first: place(first.byteLength),
    weights: place(weights.byteLength),
  });
  const sourceRow = image.width * image.channels;
  const narrowRow = columns.first.length * image.channels;
  const bandRows = Math.max(1, Math.min(bottom - top, Math.floor(bandBytes / sourceRow)));
  const places = {
    columns: table(columns),
    rows: table(rows),
    band: place(bandRows * sourceRow + 32),
    bandRows,
    narrow: place((bottom - top + 4) * stepOf(narrowRow)),
    out: place(rows.first.length * narrowRow + 16),
  };
  return { ...places, bytes: end };
}

/** Room behind each row for what the kernels write there, and read. */
function stepOf(rowBytes: number): number {
  return Math.ceil((rowBytes + 4) / 16) * 16;
}

function grow(memory: WebAssembly.Memory, bytes: number): boolean {
  if (bytes > mostBytes) return false;
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return true;
  try {
    memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}

function run(kernels: ResizeKernels, { image, columns, rows }: Work, places: Places): Uint8Array {
  const { start: top, end: bottom } = rows;
  const { data, width, channels } = image;
  const { band, bandRows, narrow, out } = places;
  const memory = new Uint8Array(kernels.memory.buffer);
  write(memory, columns, columns.first, places.columns);
  write(
    memory,
    rows,
    Int32Array.from(rows.first, (first) => first - top),
    places.rows,
  );
  const [sourceRow, samples] = [width * channels, columns.first.length];
  const narrowRow = samples * channels;
  const step = stepOf(narrowRow);
  for (let y = top; y < bottom; y += bandRows) {
    const count = Math.min(bandRows, bottom - y);
    memory.set(data.subarray(y * sourceRow, (y + count) * sourceRow), band);
    const { first, weights } = places.columns;
    const to = narrow + (y - top) * step;
    kernels.horizontal(band, sourceRow, count, channels, first, weights, columns.groups, samples, to, step);
  }
  const { first, weights } = places.rows;
  kernels.vertical(narrow, step, narrowRow, first, weights, rows.groups, rows.first.length, out);
  return memory.slice(out, out + rows.first.length * narrowRow);
}

function write(memory: Uint8Array, { weights }: PackedWeights, first: Int32Array, to: Table): void {
  memory.set(new Uint8Array(first.buffer), to.first);
  memory.set(new Uint8Array(weights.buffer), to.weights);
}
