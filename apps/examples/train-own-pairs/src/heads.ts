import { adamW, infoNceObjective, infoNceSpec, optimizer, train, warmupCosine } from '@diptych/alignment';
import { encodeSafetensors, openSafetensors } from '@diptych/checkpoint';
import type { Embeddings } from '@diptych/core';
import type { Files } from '@diptych/files';
import { initializeModel, l2Normalize, linear, linearSpec, loadModel, type Model } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from './own-pairs.ts';

const dim = 32;
const specOf = (pictureDim: number, words: number) => ({
  image: linearSpec(pictureDim, dim),
  text: linearSpec(words, dim),
  objective: infoNceSpec(),
});

/** A head for pictures' rows and one for captions, which are bags of known words. */
export interface Heads extends Disposable {
  readonly vocabulary: readonly string[];
  readonly model: Model<ReturnType<typeof specOf>>;
}

/** Trains two linear heads so that a caption is nearer to its picture than to the others of its batch. */
export async function trainHeads(batches: readonly Batch[], steps: number): Promise<Heads & { losses: number[] }> {
  await enableAutodiff();
  const vocabulary = [...new Set(batches.flatMap(({ captions }) => captions.flatMap((text) => text.split(' '))))];
  const model = initializeModel(specOf(batches[0]!.pictures.shape[1], vocabulary.length), 42);
  const heads = { vocabulary, model, [Symbol.dispose]: () => model.dispose() };
  const objective = infoNceObjective(model.params.objective);
  const loss = ({ captions, pictures }: Batch) =>
    objective.loss({ a: pictureRows(heads, pictures), b: captionRows(heads, captions) });
  using rule = optimizer(model.variables, adamW({ weightDecay: 0.01 }));
  const schedule = warmupCosine(0.02, 10, steps);
  const taken = Array.from({ length: steps }, (_, step) => batches[step % batches.length]!);
  const losses: number[] = [];
  for await (const step of train({ optimizer: rule, batches: taken, loss, schedule })) losses.push(step.loss);
  return { ...heads, losses };
}

/** `[captions, pictures]` cosines. */
export function cosines(heads: Heads, captions: readonly string[], pictures: Embeddings): number[][] {
  return tf.tidy(() =>
    tf.matMul<tf.Tensor2D>(captionRows(heads, captions), pictureRows(heads, pictures), false, true).arraySync(),
  );
}

/** The bytes of a safetensors file, with the words in its metadata. */
export function saved({ vocabulary, model }: Heads): Uint8Array<ArrayBuffer> {
  const arrays = [...model.variables].map(
    ([name, variable]) => [name, { shape: variable.shape, data: variable.dataSync<'float32'>() }] as const,
  );
  return encodeSafetensors(arrays, { vocabulary: vocabulary.join(' ') });
}

/** What `saved` has written. */
export async function openHeads(files: Files, path: string): Promise<Heads> {
  const file = await openSafetensors((await files.open(path))!);
  const vocabulary = file.metadata.get('vocabulary')!.split(' ');
  const asIs = { image: { asIs: 'image' }, text: { asIs: 'text' }, objective: 'objective' };
  const model = await loadModel(specOf(file.shape('image.weight')[0]!, vocabulary.length), file, { names: asIs });
  return { vocabulary, model, [Symbol.dispose]: () => model.dispose() };
}

function pictureRows({ model }: Heads, { data, shape }: Embeddings): tf.Tensor2D {
  return l2Normalize(linear(model.params.image, tf.tensor2d(data, [...shape])));
}

function captionRows({ vocabulary, model }: Heads, captions: readonly string[]): tf.Tensor2D {
  const bags = captions.map((text) => vocabulary.map((word) => Number(text.split(' ').includes(word))));
  return l2Normalize(linear(model.params.text, tf.tensor2d(bags, [captions.length, vocabulary.length])));
}
