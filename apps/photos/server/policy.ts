/** What a page may load, run and ask for; blobs and data are pictures that it holds already. */
const strict = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'connect-src': "'self'",
  // Threads of the kernels start from blobs, which are bound by the policy of their maker.
  'worker-src': "'self' blob:",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
} as const;

/** Of the page of models, which has no photos: the hub may be asked, and its other hosts, which files come from. */
const asks = { 'connect-src': "'self' https://huggingface.co https://*.huggingface.co https://*.hf.co" };

/** Headers of what is served at an address. Isolated pages share memory, so kernels have threads. */
export function headers(url: string): Readonly<Record<string, string>> {
  const isOfModels = /^\/models\.html(?:$|[?#])/.test(url);
  return {
    'Content-Security-Policy': Object.entries({ ...strict, ...(isOfModels && asks) })
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}
