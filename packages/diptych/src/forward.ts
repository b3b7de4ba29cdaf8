import { type Batch, EmbeddingError } from '@diptych/core';
import { engine, getBackend, setBackend, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Rows of a batch, `[n, dim]`, on a backend: at once where they fit into memory, otherwise of one half and then of the other.
 *
 * @throws {EmbeddingError} `OUT_OF_MEMORY` when one item alone does not fit.
 */
export async function forwardInParts<B extends Batch>(
  forward: (batch: B) => Tensor2D,
  batch: B,
  backend: string,
): Promise<Float32Array> {
  const [n] = batch.shape;
  let rows: Tensor2D;
  try {
    rows = onBackend(backend, () => forward(batch));
  } catch (error) {
    if (!(error instanceof EmbeddingError && error.code === 'OUT_OF_MEMORY') || n < 2) throw error;
    const half = n >> 1;
    const [first, second] = [part(batch, 0, half), part(batch, half, n)];
    return joined(await forwardInParts(forward, first, backend), await forwardInParts(forward, second, backend));
  }
  try {
    return (await rows.data<'float32'>()).slice();
  } finally {
    rows.dispose();
  }
}

/**
 * Runs `task`, which is synchronous, on a backend that runs already, and then leaves the current one as it was: models that
 * were opened on different backends compute each on its own. One that was removed since is not started again.
 */
function onBackend<T>(name: string, task: () => T): T {
  const current = getBackend();
  if (name === current || !engine().registry[name]) return task();
  void setBackend(name); // At once, as it runs.
  try {
    return task();
  } finally {
    void setBackend(current);
  }
}

/** Items `begin` to `end`. */
function part<B extends Batch>(batch: B, begin: number, end: number): B {
  const [n, ...rest] = batch.shape;
  const entries = Object.entries(batch).map(([name, value]: [string, unknown]) => {
    if (!ArrayBuffer.isView(value) || value instanceof DataView) return [name, value];
    const values = value as Float32Array;
    const each = values.length / n;
    return [name, values.subarray(begin * each, end * each)];
  });
  return { ...batch, ...Object.fromEntries(entries), shape: [end - begin, ...rest] };
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const all = new Float32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
