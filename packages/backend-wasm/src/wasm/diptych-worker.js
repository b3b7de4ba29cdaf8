// A thread of the kernels, where a policy forbids workers from blobs: give its address as wasmPaths['diptych-worker.js'].
onmessage = ({ data: { module, memory, control, number } }) =>
  new WebAssembly.Instance(module, { env: { memory } }).exports.work(control, number);
