import { EmbeddingError } from '@diptych/core';

/** What `--backend` says of itself, for commands that open a model by it and for those that train one. */
export const backendHelp = 'wasm, cpu, or auto, which is wasm: Node has no webgpu (default: wasm)';

/**
 * The backend that a name stands for in Node.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` for `webgpu`, which pages and workers have.
 */
export function nodeBackend(name: string): string {
  if (name === 'auto') return 'wasm';
  if (name !== 'webgpu') return name;
  throw new EmbeddingError('BACKEND_UNAVAILABLE', {
    where: '--backend',
    expected: 'wasm, cpu or auto',
    got: 'webgpu, which Node has not',
    cure: "use 'wasm'; open in a page or worker takes webgpu",
  });
}
