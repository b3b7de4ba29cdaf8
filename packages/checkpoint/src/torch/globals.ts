/** Element types of safetensors by the storage class of torch. */
export const storageDtypes: ReadonlyMap<string, string> = new Map([
  ['torch.DoubleStorage', 'F64'],
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

export const rebuildTensor = 'torch._utils._rebuild_tensor_v2';
export const orderedDict = 'collections.OrderedDict';

/** Calls that only wrap their first argument. */
export const wrappers: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_parameter',
  'torch.jit._pickle.build_boollist',
  'torch.jit._pickle.build_doublelist',
  'torch.jit._pickle.build_intlist',
  'torch.jit._pickle.build_tensorlist',
  'torch.jit._pickle.restore_type_tag',
]);

/** Modules of a TorchScript archive: their code is never read, their state is a dictionary. */
const scriptPrefix = '__torch__.';

export function isScriptClass(global: string): boolean {
  return global.startsWith(scriptPrefix);
}

/** Whether a checkpoint may name it. All of them are read as data. */
export function isAllowed(global: string): boolean {
  const known = global === rebuildTensor || global === orderedDict;
  return known || storageDtypes.has(global) || wrappers.has(global) || isScriptClass(global);
}
