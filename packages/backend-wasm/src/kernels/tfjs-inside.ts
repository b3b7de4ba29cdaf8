import { EmbeddingError } from '@diptych/core';
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

// All that is known here about the inside of tfjs-backend-wasm.

/** A number of bytes from the start of the memory. */
export type Address = number;

/** What tfjs-backend-wasm 4.22 knows of one tensor's data. Its own code reads both fields of all that it computes with. */
export interface DataEntry {
  /** The tensor's number in tfjs's binary. */
  readonly id: number;
  readonly memoryOffset: number;
  readonly shape: readonly number[];
  readonly refCount: number;
}

/** What tfjs's binary exports about tensors. */
export interface TensorRegistry {
  registerTensor(id: number, size: number, address: number): void;
  disposeData(id: number): void;
}

/** What version 4.22 has and its types do not all say. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory; malloc(bytes: number): number };
    readonly _malloc: (bytes: number) => number;
    readonly _free: (address: number) => void;
    readonly tfjs: TensorRegistry;
  };
  readonly dataIdMap: { has(dataId: object): boolean; get(dataId: object): DataEntry };
  dataIdNextNumber: number;
  dispose: () => void;
  disposeData: (dataId: object, force?: boolean) => boolean;
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
}

/** The memory of tfjs's backend, which must be started; throws as `wasmBackend`. Nothing is changed. */
export function memoryOf(backend: KernelBackend): WebAssembly.Memory {
  return wasmBackend(backend).wasm.asm.memory;
}

/** @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the backend is not built as expected. */
export function wasmBackend(backend: KernelBackend): WasmBackend {
  if (isWasmBackend(backend)) return backend;
  throw new EmbeddingError('BACKEND_UNAVAILABLE', {
    where: 'kernels',
    expected: 'the inside of tfjs-backend-wasm 4.22',
    got: 'another one',
  });
}

function isWasmBackend(backend: KernelBackend): backend is WasmBackend {
  const { wasm, dataIdMap, makeOutput } = backend as Partial<WasmBackend>;
  return (
    wasm?.asm?.memory instanceof WebAssembly.Memory &&
    typeof wasm.asm.malloc === 'function' &&
    '_malloc' in wasm &&
    '_free' in wasm &&
    typeof wasm.tfjs?.registerTensor === 'function' &&
    typeof dataIdMap?.get === 'function' &&
    typeof makeOutput === 'function'
  );
}
