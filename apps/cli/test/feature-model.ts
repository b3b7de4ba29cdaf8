import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSafetensors } from '@diptych/checkpoint';
import { goldenPath } from '@diptych/golden';
import { initializeModel } from '@diptych/nn';
import { captionVocabulary } from '@diptych/preprocessing';
import { dualEncoderPlan } from 'diptych';
import { temporaryFolder } from './workspace.ts';

/** What `diptych train` writes over the features of a frozen network: a head, and a small CLIP in the folder `backbone`. */
export async function featureModelFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const vocabulary = captionVocabulary(['a dog', 'two cats'], { minCount: 1 });
  const config = {
    model_type: 'dual_encoder',
    dim: 6,
    vocabSize: Object.keys(vocabulary.word2idx).length,
    text: { kind: 'bag' },
    image: { kind: 'features', inputs: 10 },
  };
  const { text, image } = dualEncoderPlan(config, 'config.json');
  using model = initializeModel({ text: text.spec, image: image.spec }, 1);
  const tensors = [...model.variables].map(([name, variable]) => {
    return [name, { shape: variable.shape, data: variable.dataSync<'float32'>().slice() }] as const;
  });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'vocab.json'), JSON.stringify(vocabulary));
  await writeFile(join(folder, 'model.safetensors'), encodeSafetensors(tensors));
  await cp(goldenPath('zoo/kinds/clip-hf-v5'), join(folder, 'backbone'), { recursive: true });
  return folder;
}
