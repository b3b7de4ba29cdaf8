export type { BackendInfo } from './backend-info.ts';
export { defaultBackend } from './default-backend.ts';
export type { KernelVariant } from './kernels/binary.ts';
export { useBackend, type BackendName, type BackendOptions } from './use-backend.ts';
export type { WasmFiles, WasmPaths } from './wasm-paths.ts';
