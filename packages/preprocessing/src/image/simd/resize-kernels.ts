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

/** Throws where the engine has no SIMD or the binary, beside `src` and `dist` alike, cannot be read. */
export async function loadResizeKernels(): Promise<ResizeKernels> {
  const bytes = await read(new URL('../../../wasm/diptych-resize.wasm', import.meta.url));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return { ...(instance.exports as unknown as ResizeExports), memory };
}

async function read(url: URL): Promise<ArrayBuffer | Uint8Array<ArrayBuffer>> {
  // Node's fetch does not read files. Asked for at run time, so that bundles for browsers do without.
  if (url.protocol === 'file:') return Uint8Array.from(process.getBuiltinModule('node:fs').readFileSync(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}
