import { expectMembers } from '@diptych/core';
import {
  type AlgebraOptions,
  cca,
  type Cca,
  type CcaWarning,
  mergeMoments,
  type Moments,
  project,
  relativeRidge,
  type Rows,
  weightedView,
} from '@diptych/alignment';
import { evaluateSpace, type SpaceReport } from '@diptych/evaluation/report';
import { scoresBy } from '../scores-by.ts';
import type { PairSource } from './pair-source.ts';

/** What canonical correlation is told. */
export interface CcaRecipe {
  /** Directions to find, at most. Default 128, or as many as there are. */
  readonly components?: number | undefined;
  /** As a part of the mean variance of each view. */
  readonly ridge: readonly [x: number, y: number];
  /** Of the correlations that projections are multiplied by. */
  readonly power: number;
  /** Pairs in memory at once. */
  readonly chunk: number;
}

export interface AlignPairsOptions extends CcaRecipe, AlgebraOptions {
  /** Of the report. */
  readonly title: string;
  readonly signal?: AbortSignal | undefined;
  /** Pairs that were read, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Directions in which two views correlate most, and how well they serve. */
export interface Aligned {
  readonly found: Cca;
  /** Of the test, where pairs are kept for one. */
  readonly report?: SpaceReport | undefined;
  /** What is found, in plain JSON: pairs, columns of both views, components, correlations, codes of warnings, metrics. */
  readonly facts: AlignmentFacts;
  readonly warnings: readonly AlignWarning[];
}

/** What a user should know of an alignment. */
export interface AlignWarning {
  readonly code: CcaWarning['code'] | 'FEWER_COMPONENTS';
  readonly message: string;
}

export interface AlignmentFacts {
  readonly pairs: number;
  readonly columns: readonly [x: number, y: number];
  readonly components: number;
  readonly correlations: readonly number[];
  readonly warnings: readonly string[];
  readonly [metric: string]: unknown;
}

/** Canonical correlation analysis of pairs, a chunk at a time, judged on those that are kept for a test. */
export async function alignPairs(source: PairSource, options: AlignPairsOptions): Promise<Aligned> {
  expectMembers(options, 'alignPairs: options', 'components', 'ridge', 'chunk');
  expectMembers(source, 'alignPairs: source', 'pairs');
  const { components, ridge, algebra, signal } = options;
  const seen = await read(source, options);
  const found = await cca(seen, {
    algebra,
    signal,
    components: components ?? 128,
    ridge: [relativeRidge(seen, ridge[0])[0], relativeRidge(seen, ridge[1])[1]],
  });
  const report = await judge(source, found, options);
  const { values } = found;
  const warnings = [...found.warnings, ...fewer(values.length, components)];
  const facts: AlignmentFacts = {
    pairs: seen.n,
    columns: [seen.meanX.length, seen.meanY.length],
    components: values.length,
    correlations: [...values],
    warnings: warnings.map(({ code }) => code),
    ...report?.metrics,
  };
  return { found, report, facts, warnings };
}

function fewer(found: number, asked = found): readonly AlignWarning[] {
  const message = `components: expected at most the ${found} that there are, got ${asked}`;
  return asked > found ? [{ code: 'FEWER_COMPONENTS', message }] : [];
}

/** All that CCA needs to know, of one chunk at a time. */
async function read(
  { pairs, moments }: PairSource,
  { chunk, onProgress }: Pick<AlignPairsOptions, 'chunk' | 'onProgress'>,
): Promise<Moments> {
  onProgress?.(0, pairs);
  let total = await moments(0, Math.min(chunk, pairs));
  for (let at = chunk; at < pairs; at += chunk) {
    onProgress?.(at, pairs);
    total = mergeMoments(total, await moments(at, Math.min(at + chunk, pairs)));
  }
  onProgress?.(pairs, pairs);
  return total;
}

async function judge(
  { test }: PairSource,
  { values, x, y }: Cca,
  { power, title, algebra, signal }: AlignPairsOptions,
): Promise<SpaceReport | undefined> {
  if (!test) return undefined;
  const pairs = await test();
  const projected = async (view: Cca['x'], rows: Rows) =>
    project(weightedView(view, values, power), rows, { algebra, signal });
  const scores = await scoresBy('cosine');
  const [images, captions] = [await projected(x, pairs.x), await projected(y, pairs.y)];
  return evaluateSpace(images, captions, { title, imageOf: pairs.imageOf, scores, signal });
}
