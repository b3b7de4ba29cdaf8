import type { Files } from '@diptych/files';
import { directory } from '@diptych/files/node';
import type { Architecture, Modality } from 'diptych';
import { join } from 'node:path';

/** A published layout, and one of its JSON files. */
export interface Layout {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  /** Where `open` does not know it. */
  readonly architectures?: readonly Architecture[];
  /** What is embedded by those that still open; all by default. */
  readonly embeds?: readonly Modality[];
  /** Opens and uses it with this content of the file, where that is not `open`'s and `embed`'s. */
  readonly read?: (layout: Layout, content: string) => Promise<void>;
}

/** A layout, its configuration, and the path in it to the fields of one tower. */
export interface Family extends Layout {
  readonly tower: readonly string[];
  /** Fields of that tower. */
  readonly layers: string;
  readonly width: string;
  readonly heads?: string;
}

const hf = { layers: 'num_hidden_layers', width: 'hidden_size', heads: 'num_attention_heads' };
/** @param kinds Folder of the layouts. */
export function families(kinds: string): readonly Family[] {
  const zoo = (kind: string) => join(kinds, kind);
  const next = (name: string, path: string) => ({
    name,
    folder: join(kinds, '../../oracles2', path),
    file: 'config.json',
    tower: [],
    ...hf,
  });
  return [
    { name: 'clip', folder: zoo('clip-hf-v5'), file: 'config.json', tower: ['text_config'], ...hf },
    { name: "clip's images", folder: zoo('clip-hf-v5'), file: 'config.json', tower: ['vision_config'], ...hf },
    { name: 'siglip', folder: zoo('siglip-hf'), file: 'config.json', tower: ['vision_config'], ...hf },
    { name: 'siglip2', folder: zoo('siglip2-hf'), file: 'config.json', tower: ['text_config'], ...hf },
    { name: 'chinese_clip', folder: zoo('chinese-clip'), file: 'config.json', tower: ['text_config'], ...hf },
    { name: 'bert', folder: zoo('st-bge'), file: 'config.json', tower: [], ...hf },
    {
      name: 'resnet',
      folder: zoo('resnet-2023'),
      file: 'config.json',
      tower: [],
      layers: 'depths',
      width: 'hidden_sizes',
    },
    {
      name: 'open_clip',
      folder: zoo('openclip-both'),
      file: 'open_clip_config.json',
      tower: ['model_cfg', 'text_cfg'],
      layers: 'layers',
      width: 'width',
      heads: 'heads',
    },
    {
      name: 'open_clip of ResNet',
      folder: zoo('openclip-rn'),
      file: 'open_clip_config.json',
      tower: ['model_cfg', 'vision_cfg'],
      layers: 'layers',
      width: 'width',
    },
    next('vit', 'vit/in21k'),
    next('dinov2', 'dinov2/base'),
    next('dinov2 with registers', 'dinov2_registers'),
    { ...next('distilbert', 'distilbert/clip_multilingual'), layers: 'n_layers', width: 'dim', heads: 'n_heads' },
    next('mpnet', 'mpnet'),
    next('xlm-roberta', 'xlmr/st'),
    next('jina_bert', 'jina_clip_v1/embeddings_v2'),
    {
      ...next('jina_clip', 'jina_clip_v1/clip'),
      tower: ['vision_config'],
      layers: 'layers',
      width: 'width',
      heads: 'head_width',
      embeds: ['image'],
    },
    next('modernbert', 'modernbert/gte'),
    { ...next('nomic_bert', 'nomic_text'), layers: 'n_layer', width: 'n_embd', heads: 'n_head' },
    { ...next('nomic_vision', 'nomic_vision'), layers: 'n_layer', width: 'n_embd', heads: 'n_head' },
    { ...next('siglip2 of any resolution', 'siglip2/naflex'), tower: ['vision_config'], embeds: ['image'] },
    { ...next('metaclip_2', 'metaclip2/hf'), tower: ['text_config'] },
  ];
}

/** Layouts of open_clip whose towers are timm's or transformers'. */
export function timmTowers(kinds: string): readonly Layout[] {
  const timm = ['eva02_clip/eva02', 'eva02_clip/eva02_e', 'pe_core/core', 'convnext_clip/base_w', 'mobileclip2/l14'];
  const paths = [...timm, 'xlmr/open_clip_mlp'];
  return paths.map((path) => {
    return { name: path, folder: join(kinds, '../../oracles2', path), file: 'open_clip_config.json' };
  });
}

/** The files of a folder, one of them replaced. */
export function replaced(folder: string, file: string, content: string): Files {
  const files = directory(folder);
  const bytes = new TextEncoder().encode(content);
  const source = {
    name: `m/${file}`,
    size: bytes.length,
    read: async (begin: number, end: number) => bytes.slice(begin, end),
  };
  return { id: 'm', open: async (path, signal) => (path === file ? source : files.open(path, signal)) };
}

/** Files beside configurations, by the kind of repository that holds them. */
const beside: readonly (readonly [kind: string, file: string])[] = [
  ['clip-hf-v5', 'processor_config.json'],
  ['siglip-hf', 'preprocessor_config.json'],
  ['clip-hf-v5', 'tokenizer.json'],
  ['siglip2-hf', 'tokenizer.json'],
  ['st-bge', 'tokenizer.json'],
  ['st-bge', 'tokenizer_config.json'],
  ['st-bge', '1_Pooling/config.json'],
  ['st-bge', 'modules.json'],
  ['st-clip-v6', 'modules.json'],
  ['st-prompts', 'config_sentence_transformers.json'],
];

/** @param kinds Folder of the layouts. */
export function besides(kinds: string): readonly Layout[] {
  return beside.map(([kind, file]) => ({ name: `${kind}/${file}`, folder: join(kinds, kind), file }));
}
