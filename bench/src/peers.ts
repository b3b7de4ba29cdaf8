import { onnxForward, type OnnxRuntime } from './engines.ts';
import type { Peer } from './measure.ts';

/** onnxruntime-web on one thread: in float32, against which all else is compared, and in int8. */
export async function webPeers(): Promise<Peer[]> {
  const runtime = await import('onnxruntime-web');
  runtime.env.wasm.numThreads = 1;
  return [peer('onnxruntime-web', runtime, 'float32', 'wasm'), peer('onnxruntime-web int8', runtime, 'int8', 'wasm')];
}

/** onnxruntime-node, native code, on one thread. */
export async function nativePeers(): Promise<Peer[]> {
  return [peer('onnxruntime-node', await import('onnxruntime-node'), 'float32', 'cpu')];
}

function peer(name: string, runtime: OnnxRuntime, arithmetic: Peer['arithmetic'], provider: 'cpu' | 'wasm'): Peer {
  return { name, arithmetic, start: (model, tower) => onnxForward(runtime, model, tower, provider) };
}
