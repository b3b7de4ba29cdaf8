/** Whether threads can work on one memory here: always in Node, in pages that are cross-origin isolated. */
export function canShareMemory(): boolean {
  // Node does not have it.
  const { crossOriginIsolated: isolated = true } = globalThis as { crossOriginIsolated?: boolean };
  if (!isolated) return false;
  try {
    // As large as the backend's may grow: address space, no memory is touched.
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    return typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}
