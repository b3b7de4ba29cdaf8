import { expectMembers } from '@diptych/core';
import type { SpaceReport } from './evaluate-space.ts';
import type { Histogram } from './histogram.ts';
import { type Plot, type Series, svg } from './plot.ts';

/** A report's plots as SVG files by name, without extension. The same report gives the same bytes. */
export function reportPlots(report: SpaceReport): Readonly<Record<string, string>> {
  expectMembers(report, 'reportPlots: report', 'curves', 'similarities', 'occurrence', 'map');
  return Object.fromEntries(Object.entries(plotsOf(report)).map(([name, plot]) => [name, svg(plot)]));
}

/** What there is to draw of a report. */
export function plotsOf(report: SpaceReport): Readonly<Record<string, Plot>> {
  return {
    recall: {
      title: 'Recall',
      x: 'k',
      y: 'recall@k',
      mark: 'line',
      series: Object.entries(report.curves).map(([name, recalls]) => ({
        name: name.replace('_', ' '),
        points: recalls.map((recall, i) => [i + 1, recall] as const),
      })),
    },
    similarities: {
      title: 'Cosines of pairs and of everything else',
      x: 'cosine',
      y: 'share',
      mark: 'bar',
      series: bars(report.similarities),
    },
    hubness: {
      title: 'Images by how often they are among the ten best',
      x: 'captions that find the image',
      y: 'images',
      mark: 'bar',
      series: [{ name: '', points: counts(report.occurrence) }],
    },
    map: {
      title: 'Map of the space',
      x: '',
      y: '',
      mark: 'dot',
      series: Object.entries(report.map).map(([name, points]) => ({ name, points })),
    },
  };
}

function bars({ low, step, shares }: Histogram): Series[] {
  return Object.entries(shares).map(([name, values]) => ({
    name,
    points: values.map((share, i) => [low + i * step, share] as const),
  }));
}

/** How many have each value from 0 to the largest, in bars whose middle is the value. */
function counts(values: readonly number[]): (readonly [number, number])[] {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  const found = Array.from({ length: most + 1 }, () => 0);
  for (const value of values) found[value]!++;
  return found.map((count, value) => [value - 0.5, count] as const);
}
