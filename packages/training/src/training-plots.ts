import { expectList, expectMembers } from '@diptych/core';
import type { EpochRecord } from '@diptych/alignment';
import type { Plot, Series } from '@diptych/evaluation/report';

/** Curves of a run by the names of their files: `loss`, and where it was validated `rsum` and `recall`. */
export function trainingPlots(history: readonly EpochRecord[]): Readonly<Record<string, Plot>> {
  expectList(history, 'trainingPlots');
  for (const record of history) expectMembers(record, 'trainingPlots: an epoch', 'epoch', 'metrics');
  const series = (name: string, value: (record: EpochRecord) => number | undefined): Series[] => {
    const points = history.flatMap((record) => {
      const y = value(record);
      return y === undefined ? [] : [[record.epoch + 1, y] as const];
    });
    return points.length > 0 ? [{ name, points }] : [];
  };
  const recall = (direction: string) =>
    series(`${direction} retrieval`, ({ metrics }) => metrics[`${direction}_retrieval_recall@1`]);
  const all: Readonly<Record<string, Plot>> = {
    loss: { title: 'Loss', x: 'epoch', y: 'mean of the steps', mark: 'line', series: series('', ({ loss }) => loss) },
    rsum: {
      title: 'Sum of recalls, validation',
      x: 'epoch',
      y: 'rsum',
      mark: 'line',
      series: series('', ({ metrics }) => metrics['rsum']),
    },
    recall: {
      title: 'Recall, validation',
      x: 'epoch',
      y: 'recall@1',
      mark: 'line',
      series: [...recall('image'), ...recall('text')],
    },
  };
  return Object.fromEntries(Object.entries(all).filter(([, plot]) => plot.series.length > 0));
}
