import { EmbeddingError, type Problem, quote } from '@diptych/core';
import type { Files } from '@diptych/files';
import { isThere, type Json, readJson } from './model-json.ts';
import { ownCode } from './own-code.ts';

/** Weights that are not read, by the end of their name. */
const unread: readonly (readonly [name: RegExp, format: string])[] = [
  [/\.onnx$/, 'ONNX'],
  [/\.msgpack$/, 'Flax'],
  [/\.(h5|keras)$/, 'TensorFlow'],
  [/\.ot$/, 'Rust'],
  [/\.(mlpackage|mlmodel)(\/|$)/, 'Core ML'],
  [/\.gguf$/, 'GGUF'],
  [/\.(pt|pth|ckpt)$/, 'PyTorch, under a name of its own'],
];

/** Where the files of a model cannot be listed, they are asked for by the names that they usually have. */
const usual = ['onnx/model.onnx', 'model.onnx', 'flax_model.msgpack', 'tf_model.h5'];

/**
 * What a model has instead of weights that are read, and what to do about it; `undefined` where nothing is known of it.
 */
export async function heldInstead(files: Files, signal?: AbortSignal): Promise<string | undefined> {
  const paths = (await files.paths?.(signal)) ?? (await present(files, signal));
  const found = unread.flatMap(([name, format]) => {
    const some = paths.filter((path) => name.test(path));
    return some.length === 0 ? [] : [`${some.slice(0, 3).join(', ')} (${format})`];
  });
  if (found.length === 0) return undefined;
  const cure = await cureOf(files, paths, signal);
  return `it holds ${found.join(' and ')}, which are not read: ${cure}`;
}

async function present(files: Files, signal?: AbortSignal): Promise<readonly string[]> {
  const there = await Promise.all(usual.map(async (path) => isThere(files, path, signal)));
  return usual.filter((_, i) => there[i]);
}

/** Which repository to take, where that is known. */
async function cureOf(files: Files, paths: readonly string[], signal?: AbortSignal): Promise<string> {
  if (paths.some((path) => /mobileclip.*\.pt$/i.test(path))) return mobileClips;
  const config = await readJson(files, 'config.json', signal);
  const origin = config?.['_name_or_path'];
  if (typeof origin === 'string' && /^[\w.-]+\/[\w.-]+$/.test(origin) && origin !== files.id) return `take ${origin}`;
  return `take the model that it was made from, or save it with transformers as ${usualWeights}`;
}

const usualWeights = 'model.safetensors (save_pretrained) or pytorch_model.bin';
const mobileClips =
  'take apple/MobileCLIP-S1-OpenCLIP, apple/MobileCLIP-S2-OpenCLIP, apple/MobileCLIP-B-OpenCLIP or timm/MobileCLIP2-S0-OpenCLIP';

/** The error for a model that no architecture has claimed, by what its files say of themselves. */
export async function unknownModel(files: Files, known: readonly string[]): Promise<EmbeddingError> {
  const config = await readJson(files, 'config.json');
  if (!config) {
    return new EmbeddingError('NOT_FOUND', {
      where: files.id,
      expected: 'config.json, open_clip_config.json, modules.json or model.json',
      got: 'none of them',
      cure: (await heldInstead(files)) ?? aloneHint,
    });
  }
  return new EmbeddingError('UNSUPPORTED', problemOf(config, `${files.id}/config.json`, known.join(', ')));
}

const aloneHint = `a checkpoint alone (.pt) has no configuration: of MobileCLIP, ${mobileClips}`;

function problemOf(config: Json, file: string, known: string): Problem {
  const type = config['model_type'];
  const problem = { where: `${file}: model_type`, expected: `one of ${known}`, got: quote(type) + ownCode(config) };
  if (type === undefined && typeof config['architecture'] === 'string') {
    const got = `a model of timm (${config['architecture']}), whose image networks alone are not read`;
    return { ...problem, got, cure: 'for features of images take microsoft/resnet-50' };
  }
  return problem;
}

/** The error for a tower whose vectors would lie in no common space. */
export function noProjection(missing: readonly string[], model: string): EmbeddingError {
  return new EmbeddingError('CHECKPOINT_MISMATCH', {
    where: model,
    expected: `${missing.join(' and ')}, without which texts and images are not comparable`,
    got: 'none',
    cure: 'take the whole model (CLIPModel) or a tower with its projection (CLIPTextModelWithProjection, CLIPVisionModelWithProjection)',
  });
}
