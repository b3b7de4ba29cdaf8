import * as tf from '@tensorflow/tfjs-core';

/** What emscripten says of a start that failed. */
const noise =
  /^(wasm streaming compile failed|falling back to ArrayBuffer|failed to asynchronously prepare wasm|Aborted\()/;

/**
 * Runs `task` without what tfjs and emscripten write on the console when a backend does not start, which its error says,
 * or advise when one does. What others write meanwhile is written.
 */
export async function quietly<T>(task: () => Promise<T>): Promise<T> {
  const production = tf.env().getBool('PROD');
  const { warn } = console;
  const filtered = (...parts: unknown[]): void => {
    if (!noise.test(String(parts[0]))) warn.apply(console, parts);
  };
  tf.env().set('PROD', true); // Or tfjs warns.
  console.warn = filtered;
  try {
    return await task();
  } finally {
    tf.env().set('PROD', production);
    if (console.warn === filtered) console.warn = warn;
  }
}
