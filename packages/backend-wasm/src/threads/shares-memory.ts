interface Platform {
  readonly crossOriginIsolated: boolean;
  readonly Worker: unknown;
  readonly navigator: { readonly userAgent?: string };
  readonly process: { readonly versions?: { readonly node?: string } };
}

/**
 * Whether the memory is one that threads can share: wherever that can be had in Node, where files are read into it beside
 * the main thread as well; for several threads in pages that are cross-origin isolated, and where else there are workers.
 */
export function sharesMemory(threads: number): boolean {
  const { crossOriginIsolated: isolated, Worker, process, navigator } = globalThis as Partial<Platform>;
  // Only pages have the first, and Node has not the second. Workers of Cloudflare may pass for Node.
  const isEdge = navigator?.userAgent === 'Cloudflare-Workers';
  const inNode = isolated === undefined && !isEdge && process?.versions?.node;
  if (!inNode && !(threads > 1 && (isolated ?? Worker))) return false;
  try {
    // As large as the backend's may grow: address space, no memory is touched.
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    return typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}
