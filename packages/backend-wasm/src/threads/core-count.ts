/** Most threads without being asked for: beyond them the memory, not the cores, sets the pace. */
const MOST = 8;

/** Threads that this machine runs at once, at most eight. */
export function coreCount(): number {
  const cores = globalThis.navigator?.hardwareConcurrency ?? nodeCores();
  return Math.max(1, Math.min(MOST, cores));
}

/** Node 20 has no `navigator`. */
function nodeCores(): number {
  return globalThis.process?.getBuiltinModule?.('node:os').availableParallelism() ?? 1;
}
