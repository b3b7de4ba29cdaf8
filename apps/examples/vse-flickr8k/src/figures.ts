import type { Metrics } from '@diptych/evaluation';
import { svg } from '@diptych/evaluation/report';
import { type Bar, barChart } from './bar-chart.ts';
import { estimate, measures } from './statistics.ts';
import type { Runs } from './tables.ts';
import type { TrainingResult } from './training-run.ts';

/** The report's figures as SVG, by file name. */
export async function figuresOf(runs: Runs): Promise<Readonly<Record<string, string>>> {
  const validation = (title: string, value: (metrics: Metrics) => number) =>
    curves(runs, { title, x: 'epoch' }, ({ before, epochs }) => {
      return [before, ...epochs.map(({ metrics }) => metrics)].map((metrics, i) => [i, value(metrics)]);
    });
  return {
    'rsum.svg': barChart('rsum on the test photos: mean, 95 % interval, seeds', await bars(runs)),
    'validation-rsum.svg': validation('Validation rsum', ({ rsum }) => rsum!),
    'validation-recall.svg': validation('Validation recall@1, photo to caption, percent', (metrics) => {
      return 100 * metrics['text_retrieval_recall@1']!;
    }),
    'loss.svg': curves(runs, { title: 'Training loss, as a part of the first steps’', x: 'step' }, ({ losses }) =>
      smooth(losses),
    ),
  };
}

async function bars(runs: Runs): Promise<Bar[]> {
  const found: Bar[] = [];
  for (const [name, ones] of Object.entries(runs)) {
    const { seeds, ...rest } = await estimate(ones, measures['rsum']!);
    found.push({ name, ...rest, dots: seeds.length > 1 ? seeds : [] });
  }
  return found;
}

type Points = readonly (readonly [x: number, y: number])[];

/** A line for each method that is trained: the mean over its seeds. */
function curves(
  runs: Runs,
  axes: { readonly title: string; readonly x: string },
  pointsOf: (training: NonNullable<Runs[string][number]['training']>) => Points,
): string {
  const series = Object.entries(runs).flatMap(([name, ones]) => {
    const [first, ...others] = ones.flatMap(({ training }) => (training ? [pointsOf(training)] : []));
    if (!first) return [];
    const all = [first, ...others];
    return [
      { name, points: first.map(([x], i) => [x, all.reduce((sum, one) => sum + one[i]![1], 0) / all.length] as const) },
    ];
  });
  return svg({ ...axes, y: '', mark: 'line', fromLowest: true, series });
}

const stepsTogether = 20;

/** Means of some steps each, divided by the first. */
function smooth(losses: TrainingResult['losses']): Points {
  const count = Math.floor(losses.length / stepsTogether);
  const means = Array.from({ length: count }, (_, i) => {
    const some = losses.slice(i * stepsTogether, (i + 1) * stepsTogether);
    return some.reduce((sum, loss) => sum + loss, 0) / some.length;
  });
  return means.map((mean, i) => [(i + 0.5) * stepsTogether, mean / means[0]!]);
}
