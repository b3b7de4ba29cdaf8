import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '@diptych/checkpoint';
import { blobFiles, type Files } from '@diptych/files';
import { directory } from '@diptych/files/node';
import { open, openColbert, type TextAndAudio } from 'diptych';
import { concat, text } from './case.ts';
import { type Layout, replaced } from './layouts.ts';

/** JSON of a model of late interaction, in each of its layouts. */
const late = [
  'stanford/artifact.metadata',
  'stanford/config.json',
  'pylate/config_sentence_transformers.json',
  'pylate/modules.json',
  'pylate/1_Dense/config.json',
  'st6/config_sentence_transformers.json',
  'st6/2_MultiVectorMask/config.json',
];

const config = {
  bias: 'none',
  fan_in_fan_out: false,
  init_lora_weights: true,
  lora_alpha: 4,
  lora_dropout: 0,
  modules_to_save: null,
  peft_type: 'LORA',
  r: 2,
  rank_pattern: {},
  target_modules: ['q_proj'],
  use_dora: false,
  use_rslora: false,
};

/** What is not for `open` of texts and images alone: late interaction, sounds, adapters. @param kinds Folder of the layouts. */
export async function lateLayouts(kinds: string): Promise<readonly Layout[]> {
  const oracles = join(kinds, '../../oracles2/colbert');
  const colberts = late.map((path): Layout => {
    const [kind = '', ...file] = path.split('/');
    return { name: `colbert ${path}`, folder: join(oracles, kind), file: file.join('/'), read: readColbert };
  });
  const sounds = ['config.json', 'preprocessor_config.json'].map((file): Layout => {
    return { name: `clap ${file}`, folder: join(kinds, '../../oracles2/clap'), file, read: readClap };
  });
  return [...colberts, ...sounds, ...(await adapters(join(kinds, '../../oracles/tiny_clip')))];
}

async function readColbert({ folder, file }: Layout, content: string): Promise<void> {
  using colbert = await openColbert(replaced(folder, file, content), { backend: 'cpu' });
  await colbert.embed('query', ['a b']);
  await colbert.embed('document', ['a b!']);
}

const second = { samples: Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i / 9)), sampleRate: 4000 };

async function readClap({ folder, file }: Layout, content: string): Promise<void> {
  using space = await open<TextAndAudio>(replaced(folder, file, content), { backend: 'cpu' });
  await space.embed('text', ['a b']);
  await space.embed('audio', [second]);
}

/** The settings of an adapter, and the header of its arrays. */
async function adapters(model: string): Promise<readonly Layout[]> {
  const module = 'text_model.encoder.layers.0.self_attn.q_proj';
  const base = await openCheckpoint(directory(model));
  const [outputs, inputs] = base.shape(`${module}.weight`) as readonly [number, number];
  const [a, b] = ['A', 'B'].map((one) => `base_model.model.${module}.lora_${one}.weight`);
  const end = 8 * (inputs + outputs);
  const header = {
    [a!]: { dtype: 'F32', shape: [2, inputs], data_offsets: [0, 8 * inputs] },
    [b!]: { dtype: 'F32', shape: [outputs, 2], data_offsets: [8 * inputs, end] },
  };
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  await writeFile(join(folder, 'adapter_config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'header.json'), JSON.stringify(header));
  const read = async ({ file }: Layout, content: string): Promise<void> => {
    const isHeader = file === 'header.json';
    const head = text(isHeader ? content : JSON.stringify(header));
    const arrays = concat(new Uint8Array(BigUint64Array.of(BigInt(head.length)).buffer), head, new Uint8Array(end));
    const adapter: Files = blobFiles(
      {
        'adapter_config.json': new Blob([isHeader ? JSON.stringify(config) : content]),
        'adapter_model.safetensors': new Blob([arrays]),
      },
      'a',
    );
    using space = await open(directory(model), { backend: 'cpu', adapter });
    void space.dim;
  };
  return ['adapter_config.json', 'header.json'].map((file) => ({ name: `adapter ${file}`, folder, file, read }));
}
