export type { BackendInfo } from './backend-info.ts';
export { defaultBackend } from './default-backend.ts';
export type { KernelVariant } from './kernels/binary.ts';
export { useBackend, type BackendName, type BackendOptions } from './use-backend.ts';
export type { WasmFiles, WasmName, WasmOptions, WasmPaths, WasmSource } from './wasm/wasm-paths.ts';
