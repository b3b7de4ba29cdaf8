import { classPrompts, classRows, EmbeddingError, type Embeddings, expectTexts, orderSimilarity } from '@diptych/core';
import type { SpaceParts } from './architecture.ts';

/** One label's share for one image, in `[0, 1]`. */
export interface Prediction {
  readonly label: string;
  readonly score: number;
}

export interface LabelOptions {
  readonly signal?: AbortSignal;
  /** Prompts with `{}` where the label goes; their embeddings are averaged. Default `['a photo of a {}']`. */
  readonly templates?: readonly string[] | string;
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what is no list of labels, for none, and for one that is there twice. */
export function checkLabels(labels: readonly string[]): void {
  expectTexts(labels, 'classify: labels');
  const seen = new Set<string>();
  const twice = labels.find((label) => seen.size === seen.add(label).size);
  if (labels.length > 0 && twice === undefined) return;
  const got = twice === undefined ? 'none' : `'${twice}' twice`;
  throw new EmbeddingError('INPUT_INVALID', { where: 'classify: labels', expected: 'at least one, each once', got });
}

type EmbedTexts = (texts: readonly string[]) => Promise<Embeddings>;

const keptLabelSets = 8;

/** Class weights of the label sets used last. */
export class ZeroShotLabels {
  readonly #kept = new Map<string, Embeddings>();

  /**
   * `[labels, dim]` unit rows: per label the normalised mean of its normalised prompt embeddings, as in CLIP's
   * prompt ensembling (Radford et al. 2021, arXiv:2103.00020, section 3.1.4).
   *
   * @throws {EmbeddingError} `INPUT_INVALID` for no template, or one without `{}`.
   */
  async embed(
    embed: EmbedTexts,
    labels: readonly string[],
    templates: readonly string[] = ['a photo of a {}'],
  ): Promise<Embeddings> {
    const key = JSON.stringify([labels, templates]);
    const weights = this.#kept.get(key) ?? (await classWeights(embed, labels, templates));
    this.#kept.delete(key);
    this.#kept.set(key, weights);
    for (const oldest of [...this.#kept.keys()].slice(0, -keptLabelSets)) this.#kept.delete(oldest);
    return weights;
  }
}

async function classWeights(
  embed: EmbedTexts,
  labels: readonly string[],
  templates: readonly string[],
): Promise<Embeddings> {
  const prompts = await embed(classPrompts(labels, templates));
  const { data, shape } = classRows(prompts, templates.length);
  return { ...prompts, data: Float32Array.from(data), shape };
}

/** Every label with its probability for every image, best first; ties in the order of the labels. */
export function labelScores(
  images: Embeddings,
  weights: Embeddings,
  labels: readonly string[],
  { logitScale = 1, logitBias, similarity }: Pick<SpaceParts<unknown>, 'logitScale' | 'logitBias' | 'similarity'>,
): Prediction[][] {
  const similarities = similarity === 'order' ? orderSimilarity(images, weights) : undefined;
  const [n, dim] = images.shape;
  const score = (i: number, j: number): number => {
    if (similarities) return similarities[i * labels.length + j]!;
    let dot = 0;
    for (let k = 0; k < dim; k++) dot += images.data[i * dim + k]! * weights.data[j * dim + k]!;
    return dot;
  };
  return Array.from({ length: n }, (_, i) => {
    const logits = labels.map((_label, j) => score(i, j) * logitScale + (logitBias ?? 0));
    const scores = logitBias === undefined ? softmax(logits) : logits.map((x) => 1 / (1 + Math.exp(-x)));
    return labels.map((label, j) => ({ label, score: scores[j]! })).toSorted((a, b) => b.score - a.score);
  });
}

function softmax(logits: readonly number[]): number[] {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exps = logits.map((x) => Math.exp(x - max));
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / sum);
}
