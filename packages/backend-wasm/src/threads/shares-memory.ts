/**
 * Whether the memory is one that threads can share: wherever that can be had in Node, where files are read into it beside
 * the main thread as well; for several threads in pages that are cross-origin isolated.
 */
export function sharesMemory(threads: number): boolean {
  // Node does not have it.
  const { crossOriginIsolated: isolated } = globalThis as { crossOriginIsolated?: boolean };
  const ofPage = isolated !== undefined;
  if (ofPage && (!isolated || threads === 1)) return false;
  try {
    // As large as the backend's may grow: address space, no memory is touched.
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    return typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}
