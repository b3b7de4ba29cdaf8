import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@diptych/backend-wasm';
import { encodeSafetensors } from '@diptych/checkpoint';
import { emojiArchitecture } from '@diptych/model-emoji';
import { initializeModel } from '@diptych/nn';
import { captionVocabulary } from '@diptych/preprocessing';
import { dualEncoderPlan } from 'diptych';
import type { Layout } from './layouts.ts';

const towers = [
  [
    { kind: 'gru', wordDim: 5 },
    { kind: 'cnn', size: 16, widths: [4, 8] },
  ],
  [
    { kind: 'lstm', wordDim: 5, layers: 2, bidirectional: true },
    { kind: 'features', inputs: 10 },
  ],
  [
    { kind: 'transformer', width: 8, layers: 2, heads: 2, contextLength: 6 },
    { kind: 'vit', size: 16, patchSize: 4, width: 8, layers: 1, heads: 2 },
  ],
] as const;

/** What `diptych train` writes. */
async function dualEncoder([text, image]: (typeof towers)[number]): Promise<Layout> {
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  const vocabulary = captionVocabulary(['a dog', 'two cats'], { minCount: 1 });
  const vocabSize = Object.keys(vocabulary.word2idx).length;
  const config = { model_type: 'dual_encoder', dim: 6, vocabSize, similarity: 'cosine', text, image };
  const plan = dualEncoderPlan(config, 'config.json');
  using model = initializeModel({ text: plan.text.spec, image: plan.image.spec }, 1);
  const tensors = [...model.variables].map(([name, variable]) => {
    return [name, { shape: variable.shape, data: variable.dataSync<'float32'>().slice() }] as const;
  });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'vocab.json'), JSON.stringify(vocabulary));
  await writeFile(join(folder, 'model.safetensors'), encodeSafetensors(tensors));
  return { name: `dual_encoder of ${text.kind} and ${image.kind}`, folder, file: 'config.json' };
}

/** Families whose configurations the zoo has none of. @param kinds Folder of the layouts. */
export async function ownFamilies(kinds: string): Promise<readonly Layout[]> {
  await useBackend('cpu');
  const dual = await Promise.all(towers.map(dualEncoder));
  return [
    ...dual,
    ...dual.map((layout) => ({ ...layout, name: `the words of ${layout.name}`, file: 'vocab.json' })),
    {
      name: 'mobilenet_v1',
      folder: join(kinds, '../../models/mobilenet_v1_0.75_224_tfjs'),
      file: 'model.json',
      // 224 x 224 pixels in plain JavaScript take longer than all else.
      embeds: [],
    },
    {
      name: 'diptych_emoji',
      folder: fileURLToPath(new URL('../../../../packages/model-emoji/src/weights', import.meta.url)),
      file: 'config.json',
      architectures: [emojiArchitecture],
    },
  ];
}
