import { indexOf, weightLayouts } from '../weight-layouts.ts';

/** Configurations, tokenizers and the model card. */
const described = /\.(json|txt|model|md)$/;

/** The paths that opening a model takes: all that describes it, and of the weights in each folder the preferred ones. */
export function selectFiles(paths: readonly string[]): readonly string[] {
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const weights = [...folders].flatMap((folder) => weightsIn(folder, paths));
  return [...new Set([...paths.filter((path) => described.test(path)), ...weights])];
}

function weightsIn(folder: string, paths: readonly string[]): readonly string[] {
  for (const { file } of weightLayouts) {
    if (paths.includes(folder + file)) return [folder + file];
    if (paths.includes(folder + indexOf(file))) return paths.filter((path) => isShard(path, folder, file));
  }
  return [];
}

/** `model-00001-of-00002.safetensors` is a shard of `model.safetensors`. */
function isShard(path: string, folder: string, file: string): boolean {
  const dot = file.lastIndexOf('.');
  const number = path.slice((folder + file.slice(0, dot)).length, -file.slice(dot).length);
  const around = path.startsWith(folder + file.slice(0, dot)) && path.endsWith(file.slice(dot));
  return around && /^-\d+-of-\d+$/.test(number);
}
