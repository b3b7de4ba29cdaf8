/**
 * Runs tensor code in double precision: tfjs's cpu backend keeps float32 values in whatever `Float32Array` names, and
 * computes with JavaScript's numbers. So the very code that ships is held against float64 references.
 *
 * @param body Synchronous; its tensors do not outlive it.
 */
export function inDouble<T>(body: () => T): T {
  const single = globalThis.Float32Array;
  globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
  try {
    return body();
  } finally {
    globalThis.Float32Array = single;
  }
}
