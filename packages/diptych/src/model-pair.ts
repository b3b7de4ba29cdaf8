import { EmbeddingError, quote } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureOptions, Modality, PackagedModel, SpaceParts } from './architecture.ts';
import type { ModelSource } from './platform/source.ts';

/** Two models as one space: texts by one, images by the other. */
export interface ModelPair {
  readonly text: ModelSource | PackagedModel;
  readonly image: ModelSource | PackagedModel;
}

/** A model that is open for one modality, and what it is called. */
export interface OpenSide {
  readonly id: string;
  readonly architecture: string;
  readonly parts: SpaceParts;
}

/** A model before it is opened. */
export interface Openable {
  readonly id: string;
  readonly open: (told: Pick<ArchitectureOptions, 'modality' | 'onBegin' | 'adapt' | 'blocks'>) => Promise<OpenSide>;
}

interface PairOptions {
  readonly sameSpace?: unknown;
  readonly adapter?: unknown;
}

/** Names, without their owners, of models that were trained to share a space: of texts, and of images; and what makes theirs of rows of texts. */
const known: readonly (readonly [text: RegExp, image: RegExp, rows?: (rows: tf.Tensor2D) => tf.Tensor2D])[] = [
  [/^clip-ViT-B-32-multilingual-v1$/i, /^(clip-ViT-B-32|clip-vit-base-patch32)$/i],
  [/^nomic-embed-text-v1$/, /^nomic-embed-vision-v1$/],
  [/^nomic-embed-text-v1\.5$/, /^nomic-embed-vision-v1\.5$/, plainLayerNorm],
];

/** @throws {EmbeddingError} As `checkPair`. */
export function opensPair(
  models: Readonly<Record<Modality, Openable>>,
  options: PairOptions,
): (onBegin: ArchitectureOptions['onBegin']) => Promise<OpenSide> {
  checkPair(models.text.id, models.image.id, options);
  return async (onBegin) => pairOf(async (modality) => models[modality].open({ modality, onBegin }));
}

/**
 * That two models share a space, by their names or because whoever opens them says so.
 *
 * @throws {EmbeddingError} `INPUT_INVALID`: cosines of rows of any others would mean nothing, and nothing would tell.
 */
function checkPair(text: string, image: string, { sameSpace, adapter }: PairOptions): void {
  if (adapter !== undefined) {
    const expected = 'none for a pair, which has two models';
    throw new EmbeddingError('INPUT_INVALID', { where: 'adapter', expected, got: quote(adapter) });
  }
  if (sameSpace !== undefined && typeof sameSpace !== 'boolean') {
    const expected = 'true or false';
    throw new EmbeddingError('INPUT_INVALID', { where: 'sameSpace', expected, got: quote(sameSpace) });
  }
  if (sameSpace === true || knownPair(text, image)) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'text and image',
    expected: 'two models that are known to share a space',
    got: `${text} and ${image}`,
    cure: 'say sameSpace: true where they do',
  });
}

function knownPair(text: string, image: string): (typeof known)[number] | undefined {
  const [a, b] = [lastPart(text), lastPart(image)];
  return known.find(([texts, images]) => texts.test(a) && images.test(b));
}

/** As the card of nomic-embed-text-v1.5 has it: each row to mean 0 and variance 1, before it is cut. */
function plainLayerNorm(rows: tf.Tensor2D): tf.Tensor2D {
  const { mean, variance } = tf.moments(rows, 1, true);
  return tf.div(tf.sub(rows, mean), tf.sqrt(tf.add(variance, 1e-5)));
}

function lastPart(id: string): string {
  return id.split(/[\\/]/).findLast((part) => part !== '') ?? id;
}

/** The tower of texts of one and that of images of the other. Disposing of it frees both. */
async function pairOf(openSide: (modality: Modality) => Promise<OpenSide>): Promise<OpenSide> {
  const text = await openSide('text');
  try {
    const image = await openSide('image');
    try {
      return joined(text, image);
    } catch (error) {
      image.parts[Symbol.dispose]();
      throw error;
    }
  } catch (error) {
    text.parts[Symbol.dispose]();
    throw error;
  }
}

function joined(text: OpenSide, image: OpenSide): OpenSide {
  const { logitScale, logitBias, similarity } = image.parts;
  const [a, b] = [text.parts.truncateDim, image.parts.truncateDim];
  const truncateDim = a === undefined ? b : Math.min(a, b ?? a);
  const [first, second] = [text.parts.weights, image.parts.weights];
  return {
    id: `${text.id} and ${image.id}`,
    architecture: [...new Set([text.architecture, image.architecture])].join(' and '),
    parts: {
      towers: { text: textsOf(text, image), image: towerOf(image, 'image') },
      ...(logitScale !== undefined && { logitScale }),
      ...(logitBias !== undefined && { logitBias }),
      ...(similarity && { similarity }),
      ...(truncateDim !== undefined && { truncateDim }),
      ...(first &&
        second && {
          weights: { size: first.size + second.size, bytes: first.bytes + second.bytes, dtype: first.dtype },
        }),
      [Symbol.dispose]: () => {
        text.parts[Symbol.dispose]();
        image.parts[Symbol.dispose]();
      },
    },
  };
}

function textsOf(text: OpenSide, image: OpenSide): NonNullable<SpaceParts['towers']['text']> {
  const tower = towerOf(text, 'text');
  const rows = knownPair(text.id, image.id)?.[2];
  if (!rows) return tower;
  const { encoder } = tower;
  const { dim, variables } = encoder;
  return { ...tower, encoder: { dim, variables, forward: (batch) => rows(encoder.forward(batch)) } };
}

function towerOf<M extends Modality>({ id, parts }: OpenSide, modality: M): NonNullable<SpaceParts['towers'][M]> {
  const tower = parts.towers[modality];
  if (tower) return tower;
  const got = `one of ${Object.keys(parts.towers).join(', ') || 'nothing'}`;
  throw new EmbeddingError('UNSUPPORTED', { where: id, expected: `a model of ${modality}s`, got });
}
