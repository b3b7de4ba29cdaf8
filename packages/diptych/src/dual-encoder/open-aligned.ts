import type { Files } from '@diptych/files';
import { configReader, EmbeddingError, type Encoder, expectTexts, type FeatureBatch, quote } from '@diptych/core';
import type { WordWeights } from '@diptych/preprocessing';
import type { ArchitectureOptions, SpaceParts } from '../architecture.ts';
import type { ImageInput } from '@diptych/preprocessing/image';
import { type Json, readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, type TowerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { packedIn } from '../packed-in.ts';
import { subFolder } from '../sub-folder.ts';
import { refuseOptions, type Tower } from '../tower.ts';
import { aligned } from './aligned.ts';
import { behind, headAlone, openBackbone, ownTower } from './backbone.ts';
import { dualEncoder } from './dual-encoder.ts';
import { type FeatureTowerPlan, featureTowerPlan } from './image-tower.ts';

const textKinds = { features: 'features', tfidf: 'tfidf' } as const;

/** The model in files whose `config.json` says `aligned`. */
export async function openAligned(files: Files, json: Json, options: ArchitectureOptions): Promise<SpaceParts> {
  const config = configReader(json, `${files.id}/config.json`);
  config.only('model_type', 'dim', 'image', 'text');
  const [dim, image, text] = [config.count('dim'), config.object('image'), config.object('text')];
  image.only('inputs');
  text.only('kind', 'inputs');
  const heads: Heads = {
    image: featureTowerPlan(image.count('inputs'), dim),
    text: featureTowerPlan(text.count('inputs'), dim),
    kind: text.choice('kind', textKinds),
  };
  const checkpoint = await openWeights(files, options.signal);
  const opened: SpaceParts[] = [];
  const dispose = () => opened.forEach((one) => one[Symbol.dispose]());
  try {
    const towers = await towersOf(files, heads, { options, opened });
    if (options.filesOnly) {
      const alone = { image: headAlone<ImageInput>('image', heads.image), text: headAlone<string>('text', heads.text) };
      return await loadPlan(checkpoint, { towers: alone }, options);
    }
    const parts = await loadPlan(checkpoint, { towers: presentTowers(towers, files.id) }, options);
    return { ...parts, [Symbol.dispose]: () => [parts, ...opened].forEach((one) => one[Symbol.dispose]()) };
  } catch (error) {
    dispose();
    throw error;
  }
}

interface Heads {
  readonly image: FeatureTowerPlan;
  readonly text: FeatureTowerPlan;
  readonly kind: keyof typeof textKinds;
}

interface Opening {
  readonly options: ArchitectureOptions;
  /** Models in folders of this one, to be disposed of with it. */
  readonly opened: SpaceParts[];
}

async function towersOf(
  files: Files,
  { image, text, kind }: Heads,
  { options, opened }: Opening,
): Promise<ModelPlan['towers']> {
  const modelIn = async (folder: string): Promise<SpaceParts | undefined> => {
    const parts = await openBackbone(subFolder(files, folder), packedIn(`${folder}/`, options), [dualEncoder, aligned]);
    if (parts) opened.push(parts);
    return parts;
  };
  const backbone = await modelIn('backbone');
  const frozen = {
    image: backbone?.towers.image,
    text: kind === 'tfidf' ? undefined : ((await modelIn('text-backbone')) ?? backbone)?.towers.text,
  };
  const model = files.id;
  return {
    ...(frozen.image && { image: behind(frozen.image, 'image', { head: image, model }) }),
    ...(frozen.text && { text: behind(frozen.text, 'text', { head: text, model }) }),
    ...(kind === 'tfidf' && { text: await wordTower(files, text, options) }),
  };
}

/** The towers whose models are there; the arrays of the others are left where they are. */
function presentTowers(towers: ModelPlan['towers'], model: string): ModelPlan['towers'] {
  const { image, text } = towers;
  if (!image && !text) {
    throw new EmbeddingError('NOT_FOUND', { where: model, expected: "a model in 'backbone'", got: 'none' });
  }
  const ignoring = <Item>(tower: TowerPlan<Item>, other: string): TowerPlan<Item> => ({
    ...tower,
    names: { ...tower.names, ignore: [`${other}.weight`, `${other}.bias`] },
  });
  if (image && text) return towers;
  return { ...(image && { image: ignoring(image, 'text') }), ...(text && { text: ignoring(text, 'image') }) };
}

/** Texts as words that are counted and weighted. */
async function wordTower(
  files: Files,
  head: FeatureTowerPlan,
  { signal }: ArchitectureOptions,
): Promise<TowerPlan<string>> {
  const [inputs] = head.spec.weight.shape;
  const weights = await readWordWeights(files, inputs, signal);
  const { tfIdf } = await import('@diptych/preprocessing/text');
  const bags = tfIdf(weights);
  const tower = (encoder: Encoder<FeatureBatch>): Tower<string, string, FeatureBatch> => ({
    encoder,
    check: (options) => refuseOptions(options, ['prompt', 'decode'], 'texts that are bags of words'),
    preprocess(texts) {
      expectTexts(texts, 'texts');
      return bags(texts);
    },
  });
  return ownTower('text', head, tower);
}

/** @throws {EmbeddingError} `NOT_FOUND`, or `CONFIG_INVALID` for what are not `count` words, each once, and as many numbers. */
async function readWordWeights(files: Files, count: number, signal?: AbortSignal): Promise<WordWeights> {
  const where = `${files.id}/vocab.json`;
  const json = await readJson(files, 'vocab.json', signal);
  if (!json) throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: 'vocab.json', got: 'none' });
  const { words, weights } = json;
  const isWords = Array.isArray(words) && words.every((word) => typeof word === 'string');
  const isWeights = Array.isArray(weights) && weights.every(Number.isFinite);
  if (
    isWords &&
    isWeights &&
    new Set(words).size === count &&
    [words, weights].every(({ length }) => length === count)
  ) {
    return { words, weights: weights as number[] };
  }
  const expected = `${count} different words and as many weights`;
  throw new EmbeddingError('CONFIG_INVALID', { where, expected, got: quote({ words, weights }) });
}
