import { expectMembers } from './arguments.ts';
import { EmbeddingError } from './error.ts';

/**
 * Bytes of a file that lies beside code, by `new URL('./name', import.meta.url)`.
 *
 * @throws {EmbeddingError} `NETWORK` where a server does not give it.
 */
export async function readBeside(url: URL, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  expectMembers(url, 'readBeside', 'protocol', 'href');
  // Node's fetch does not read files. Asked for at run time, so that bundles for browsers do without.
  if (url.protocol === 'file:') return new Uint8Array(globalThis.process.getBuiltinModule('node:fs').readFileSync(url));
  // A bundler may have put a small one into its address, and a policy forbid to fetch that.
  const inlined = url.protocol === 'data:' && url.href.split(';base64,')[1];
  if (inlined) return Uint8Array.from(atob(inlined), (character) => character.charCodeAt(0));
  const response = await fetch(url, { ...(signal && { signal }) });
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new EmbeddingError('NETWORK', { where: url.href, expected: 'HTTP 200', got: response.status });
}
