import { EmbeddingError, expectList, expectMembers, inTurns, type Steps } from '@diptych/core';
import { mean, type Metrics } from '../metrics.ts';
import { expectScores, type Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { topKSteps } from '../top-k.ts';

/**
 * Classification by the highest score, the lower class among equals: `acc1`, `mean_per_class_recall` and, where there are at
 * least five classes, `acc5`, all in `[0, 1]`, as CLIP_benchmark names them.
 *
 * @param scores Items by classes.
 * @param labels Class of each item.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when there is not one label per item; `INPUT_INVALID` when a label is no class
 *   or a score is NaN.
 */
export async function classification(
  scores: Scores,
  labels: ArrayLike<number>,
  options: SignalOption = {},
): Promise<Metrics> {
  expectMembers(options, 'classification: options');
  return inTurns(classificationSteps(scores, labels), options.signal);
}

export function* classificationSteps(scores: Scores, labels: ArrayLike<number>): Steps<Metrics> {
  expectScores(scores);
  expectList(labels, 'labels');
  const [items, classes] = scores.shape;
  if (labels.length !== items) {
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'labels', expected: `${items}`, got: labels.length });
  }
  const known = Array.from(labels, expectLabel(classes));
  const best = yield* topKSteps(scores, 5);
  const right = Float64Array.from(known, (label, i) => (best[i]![0] === label ? 1 : 0));
  const near = Float64Array.from(known, (label, i) => (best[i]!.includes(label) ? 1 : 0));
  return {
    acc1: mean(right),
    ...(classes >= 5 ? { acc5: mean(near) } : {}),
    mean_per_class_recall: mean(recallOfClasses(known, right)),
  };
}

/** Over the classes that have items. */
function recallOfClasses(labels: readonly number[], right: Float64Array): number[] {
  const found = new Map<number, { right: number; items: number }>();
  labels.forEach((label, item) => {
    const of = found.get(label) ?? { right: 0, items: 0 };
    found.set(label, { right: of.right + right[item]!, items: of.items + 1 });
  });
  return Array.from(found.values(), (of) => of.right / of.items);
}

/** Refuses labels that are no index of a class. */
export function expectLabel(classes: number): (label: number, item: number) => number {
  return (label, item) => {
    if (Number.isInteger(label) && label >= 0 && label < classes) return label;
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'labels',
      expected: `a class below ${classes} for item ${item}`,
      got: label,
    });
  };
}
