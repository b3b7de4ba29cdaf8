import type { EpochRecord } from '@diptych/alignment';
import { svg } from '@diptych/evaluation/report';
import { type Bar, barChart } from './bar-chart.ts';
import { estimate, measures } from './statistics.ts';
import type { Runs } from './tables.ts';

/** The report's figures as SVG, by file name. */
export function figuresOf(runs: Runs): Readonly<Record<string, string>> {
  return {
    'rsum.svg': barChart('rsum on the test photos: mean, 95 % interval, seeds', bars(runs)),
    'validation-rsum.svg': curve(runs, 'Validation rsum', ({ metrics }) => metrics['rsum']!),
    'validation-recall.svg': curve(runs, 'Validation recall@1 of captions for photos, percent', ({ metrics }) => {
      return 100 * metrics['text_retrieval_recall@1']!;
    }),
    'loss.svg': curve(runs, 'Training loss, as a part of the first epoch’s', ({ loss }, first) => loss / first.loss),
  };
}

function bars(runs: Runs): Bar[] {
  return Object.entries(runs).map(([name, ones]) => {
    const { seeds, ...rest } = estimate(ones, measures['rsum']!);
    return { name, ...rest, dots: seeds.length > 1 ? seeds : [] };
  });
}

/** A line for each method that is trained, the mean over its seeds. */
function curve(runs: Runs, title: string, value: (epoch: EpochRecord, first: EpochRecord) => number): string {
  const series = Object.entries(runs)
    .filter(([, ones]) => ones[0]!.epochs.length > 1)
    .map(([name, ones]) => ({
      name,
      points: ones[0]!.epochs.map((_, i) => {
        const values = ones.map(({ epochs }) => value(epochs[i]!, epochs[0]!));
        return [i + 1, values.reduce((sum, one) => sum + one, 0) / values.length] as const;
      }),
    }));
  return svg({ title, x: 'epoch', y: '', mark: 'line', fromLowest: true, series });
}
