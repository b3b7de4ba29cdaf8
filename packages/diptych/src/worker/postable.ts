/** What relative addresses of this page are relative to; nothing where there is no page. */
export function pageAddress(): string | undefined {
  return globalThis.document?.baseURI ?? globalThis.location?.href;
}

/** An item as the worker understands it: addresses of images and sounds are whole, and no buffer comes along that it is a part of. */
export function postable(modality: string, item: unknown): unknown {
  if (item instanceof URL) return item.href;
  if (typeof item === 'string') return modality === 'image' || modality === 'audio' ? whole(item) : item;
  if (ArrayBuffer.isView(item)) return alone(item);
  if (typeof item !== 'object' || item === null || !('data' in item) || !ArrayBuffer.isView(item.data)) return item;
  // Of `ImageData` what decoding reads; as it is, it would not have its members as its own.
  const { width, height } = item as { readonly width?: unknown; readonly height?: unknown };
  const isCanvas = typeof ImageData !== 'undefined' && item instanceof ImageData;
  return isCanvas ? { data: item.data, width, height } : { ...item, data: alone(item.data) };
}

function whole(address: string): string {
  const base = pageAddress();
  return base === undefined || address.startsWith('data:') || !URL.canParse(address, base)
    ? address
    : new URL(address, base).href;
}

function alone(view: ArrayBufferView): ArrayBufferView {
  if (view.byteLength === view.buffer.byteLength || view instanceof DataView) return view;
  return Uint8Array.prototype.slice.call(view);
}
