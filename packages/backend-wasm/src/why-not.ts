import * as tf from '@tensorflow/tfjs-core';

/** tfjs logs why a backend did not start and only tells its caller `false`: the failing step is done once more. */
export async function whyNot(name: string): Promise<Error> {
  try {
    const backend = await tf.findBackendFactory(name)();
    backend.dispose();
    return new Error('it failed once and would start now; call again');
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** tfjs rejects with plain objects that have a message. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error && 'message' in error ? String(error.message) : String(error);
}
