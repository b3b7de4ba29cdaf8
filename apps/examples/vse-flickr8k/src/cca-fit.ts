import {
  cca,
  type Cca,
  type CcaView,
  mergeMoments,
  type Moments,
  relativeRidge,
  sparseMoments,
  weightedView,
} from '@diptych/alignment';
import type { FeatureBatch } from '@diptych/core';
import { sparseTfIdf, tfIdf, type WordWeights } from '@diptych/preprocessing';
import { plainWords } from './captions.ts';
import { pick, rootUnitRows } from './features.ts';
import { type Features, imageOfCaption, type Part } from './part.ts';

/** One way to fit and to use CCA. */
export interface CcaSettings {
  /** As a part of the mean variance of the photos' features and of the captions'. */
  readonly ridge: readonly [images: number, captions: number];
  readonly components: number;
  /** Of the correlations that the components are multiplied by. */
  readonly power: number;
}

export type Views = readonly [images: CcaView, captions: CcaView];

const mostComponents = 256;

/** CCA of a part's photos and the TF-IDF of its captions; settings of one ridge share the decomposition. */
export async function ccaFits(part: Part, words: WordWeights): Promise<(settings: CcaSettings) => Promise<Views>> {
  const of = await momentsOf(part, words);
  const found = new Map<string, Cca>();
  return async ({ ridge, components, power }) => {
    const [x, y] = [relativeRidge(of, ridge[0])[0], relativeRidge(of, ridge[1])[1]];
    const whole = found.get(`${ridge}`) ?? (await cca(of, { ridge: [x, y], components: mostComponents }));
    found.set(`${ridge}`, whole);
    const leading = (view: CcaView) => weightedView(leadingView(view, components), whole.values, power);
    return [leading(whole.x), leading(whole.y)];
  };
}

/** Bags of weighted words, one row for each caption. */
export function bagsOf(captions: readonly string[], words: WordWeights): Features {
  const { values, shape }: FeatureBatch = tfIdf(words, plainWords)(captions);
  return { data: values, shape };
}

const photosAtOnce = 500;

async function momentsOf({ images, captions }: Part, words: WordWeights): Promise<Moments> {
  const photos = rootUnitRows(images);
  const bags = sparseTfIdf(words, plainWords);
  let total: Moments | undefined;
  for (let at = 0; at < captions.length; at += photosAtOnce) {
    const said = captions.slice(at, at + photosAtOnce);
    const rows = Uint32Array.from(said, (_, i) => at + i);
    const rowOf = imageOfCaption({ captions: said });
    const chunk = await sparseMoments(pick(photos, rows), bags(said.flat()), { rowOf });
    total = total ? mergeMoments(total, chunk) : chunk;
  }
  return total!;
}

/** The first `count` components. */
function leadingView({ mean, weights: { data, shape } }: CcaView, count: number): CcaView {
  const out = new Float64Array(shape[0] * count);
  for (let row = 0; row < shape[0]; row++) {
    out.set(data.subarray(row * shape[1], row * shape[1] + count), row * count);
  }
  return { mean, weights: { data: out, shape: [shape[0], count] } };
}
