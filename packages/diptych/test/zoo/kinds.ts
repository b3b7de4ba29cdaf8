import { goldenBytes, goldenJson, goldenPath } from '@diptych/golden';

/** What `expected.json` of a kind says. */
export interface Kind {
  /** Under which a hub serves it. */
  readonly repo: string;
  readonly expected: 'opens' | 'refused';
  readonly texts: readonly string[];
  readonly text?: readonly (readonly number[])[];
  readonly image?: readonly (readonly number[])[];
  readonly ids?: readonly (readonly number[])[];
  /** `[n, channels, height, width]`. */
  readonly pixels_shape?: readonly [number, number, number, number];
}

export async function readKind(kind: string): Promise<Kind> {
  return goldenJson<Kind>(`zoo/kinds/${kind}/expected.json`);
}

/** Absolute path of a kind's folder. */
export function kindPath(kind: string): string {
  return goldenPath(`zoo/kinds/${kind}`);
}

/** The pictures that every kind embeds. */
export async function pictures(): Promise<Blob[]> {
  return Promise.all(['a', 'b'].map(async (name) => new Blob([await goldenBytes(`zoo/items/${name}.png`)])));
}

/** What opens, with embeddings of Python. */
export const opening = [
  'bert-masked-lm',
  'chinese-clip',
  'clip-hf-2021-bin',
  'clip-hf-2022-dict',
  'clip-hf-auto-map',
  'clip-hf-extra-weights',
  'clip-hf-fashion',
  'clip-hf-fast-2025',
  'clip-hf-fp16',
  'clip-hf-metaclip',
  'clip-hf-sharded',
  'clip-hf-text-tower',
  'clip-hf-tinyclip',
  'clip-hf-v5',
  'clip-hf-vision-tower',
  'dual-dfn',
  'dual-laion',
  'dual-laion-2024',
  'dual-marqo',
  'dual-timm-openai',
  'dual-timm-trunk',
  'openclip-bin',
  'openclip-both',
  'openclip-custom-text',
  'openclip-no-tokenizer',
  'openclip-pytorch-safetensors',
  'openclip-rn',
  'resnet-2022',
  'resnet-2023',
  'siglip-hf',
  'siglip-hf-v5',
  'siglip2-hf',
  'st-bge',
  'st-clip-2021',
  'st-clip-v6',
  'st-clip-v6-from-old',
  'st-e5-multilingual',
  'st-gte-fp16',
  'st-lower-case',
  'st-minilm',
  'st-prompts',
  'st-xlmr-without-config',
] as const;

/** What would open, but that its weights, of a fixed size, are left out of the zoo. */
export const withoutWeights = [
  'big-mobileclip-b',
  'big-mobileclip-s1',
  'big-mobileclip2-s0',
  'big-openclip-siglip',
  'big-openclip-siglip2',
] as const;

/** Model types that the message about another one names. */
const knownTypes = /clip.*siglip.*chinese_clip.*bert.*resnet/;

/** What is refused, and what the message says of it. */
export const refused: Readonly<Record<string, readonly RegExp[]>> = {
  'altclip-as-clip': [/text tower is not CLIP's/],
  'bert-legacy-bin': [/pytorch_model\.bin: expected a file of torch 1\.6 or later/, /save it again/],
  'clip-hf-flax-tf-only': [/flax_model\.msgpack/, /tf_model\.h5/, /model\.safetensors.*pytorch_model\.bin/],
  'clip-hf-text-no-projection': [/expected text_projection\.weight, without which/],
  'clip-onnx-only': [/ONNX/, /openai\/clip-vit-base-patch32/],
  'mobileclip-pt-only': [/\.pt/, /apple\/MobileCLIP-S1-OpenCLIP/],
  'openclip-refused-biomedclip': [/timm_model_name.*vit_base_patch16_224/],
  'openclip-refused-clipa': [/vision_cfg.*no_ln_pre/],
  'openclip-refused-coca': [/vision_cfg.*attentional_pool/],
  'openclip-refused-convnext': [/open_clip_pytorch_model\.bin: expected the end of a zip archive/],
  'openclip-refused-eva02': [/open_clip_pytorch_model\.bin: expected the end of a zip archive/],
  'openclip-refused-mobileclip2-l14': [/open_clip_pytorch_model\.bin: expected the end of a zip archive/],
  'openclip-refused-mobileclip2-s3': [/open_clip_pytorch_model\.bin: expected the end of a zip archive/],
  'openclip-refused-pe-core': [/open_clip_pytorch_model\.bin: expected the end of a zip archive/],
  'openclip-refused-siglip2-giant': [/timm_model_name.*vit_giantopt_patch16_siglip_256/],
  'openclip-refused-worldwide': [/open_clip_pytorch_model\.bin: expected the end of a zip archive/],
  'openclip-refused-xlm-roberta': [/open_clip_pytorch_model\.bin: expected the end of a zip archive/],
  'refused-align': [/model_type/, knownTypes, /"align"/],
  'refused-altclip': [/model_type/, knownTypes, /"altclip"/],
  'refused-blip-itm': [/model_type/, knownTypes, /"blip"/],
  'refused-dinov2': [/model\.safetensors: expected JSON/],
  'refused-flava': [/model_type/, knownTypes, /"flava"/],
  'refused-jina-clip-v1': [/text_config: hf_model_name_or_path: expected a string, got none/],
  'refused-m-clip': [/model_type/, knownTypes, /"M-CLIP"/],
  'refused-metaclip2': [/model\.safetensors: expected JSON/],
  'refused-mobileclip2-apple': [/model_type/, knownTypes, /"mobileclip2"/],
  'refused-nomic-vision': [/config\.json: n_embd: expected a whole number of at least 1/],
  'refused-timm-convnext': [/a model of timm.*convnext_tiny/],
  'refused-timm-resnet': [/a model of timm.*resnet50/],
  'refused-timm-vit': [/a model of timm.*vit_base_patch16_224/],
  'refused-vit': [/model\.safetensors: expected JSON/],
  'siglip-hf-vision-tower': [/model_type/, knownTypes, /"siglip_vision_model"/],
  'siglip2-naflex': [/model\.safetensors: expected JSON/],
  'st-refused-dense': [/2_Dense\/config\.json: expected the sizes of a layer/],
  'st-refused-jina-v2': [/jina_clip/, /code of its own/],
  'st-refused-mpnet': [/model\.safetensors: expected JSON/],
  'st-refused-nomic': [/config\.json: n_embd: expected a whole number of at least 1/],
};

/** What fails today: each must, and is taken out of here by whoever mends it. */
export const known: ReadonlySet<string> = new Set<string>([]);

export function isNode(): boolean {
  return typeof process !== 'undefined' && process.versions?.node !== undefined;
}
