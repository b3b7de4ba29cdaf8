import { project } from '@diptych/alignment';
import { captionMetrics, type CaptionRanks } from '@diptych/evaluation';
import { learnWords } from './captions.ts';
import { bagsOf, ccaFits, type CcaSettings, type Views } from './cca-fit.ts';
import { rootUnitRows } from './features.ts';
import type { Part, Parts } from './part.ts';
import { ranksOf } from './ranks.ts';

export interface CcaTrial extends CcaSettings {
  /** On the validation part. */
  readonly rsum: number;
}

export interface CcaResult {
  readonly trials: readonly CcaTrial[];
  /** On the test part, with the settings that were best on the validation part. */
  readonly ranks: CaptionRanks;
}

/** What is tried. */
const ccaGrid: readonly CcaSettings[] = [0.5, 1, 2].flatMap((images) =>
  [64, 128].flatMap((components) => [1, 2].map((power) => ({ ridge: [images, 1.5] as const, components, power }))),
);

/**
 * Linear CCA, Hotelling 1936, in double precision: every setting is judged on the validation part, the best one once on
 * the test part.
 */
export async function ccaRun({ train, val, test }: Parts, grid: readonly CcaSettings[] = ccaGrid): Promise<CcaResult> {
  const words = learnWords(train);
  const fitted = await ccaFits(train, words);
  const judge = async ([images, captions]: Views, part: Part): Promise<CaptionRanks> => {
    const bags = bagsOf(part.captions.flat(), words);
    return ranksOf([await project(images, rootUnitRows(part.images)), await project(captions, bags)], part);
  };
  const trials: CcaTrial[] = [];
  for (const settings of grid) {
    const ranks = await judge(await fitted(settings), val);
    trials.push({ ...settings, rsum: captionMetrics(ranks)['rsum']! });
  }
  return { trials, ranks: await judge(await fitted(bestOf(trials)), test) };
}

/** The first of those with the highest rsum. */
export function bestOf(trials: readonly CcaTrial[]): CcaTrial {
  return trials.reduce((a, b) => (b.rsum > a.rsum ? b : a));
}
