import { expectMembers } from '@diptych/core';
import type { SpaceReport } from './evaluate-space.ts';
import { markdownTable } from './markdown-table.ts';
import { plotsOf } from './plots.ts';

/** What a reader needs to read the tables by. */
const notes = [
  '`image_retrieval_recall@k`: share of captions whose image is among the k best. `text_retrieval_recall@k`: share of',
  'images with at least one of their captions among the k best. Of equal scores the lower index comes first.',
  '`rsum` is the sum of the recalls at 1, 5 and 10 of both directions, in percent.',
].join('\n');

/**
 * A report as Markdown, with links to the files of `reportPlots`.
 *
 * @param folder Where the plots lie, relative to the Markdown. Default: beside it.
 */
export function reportMarkdown(report: SpaceReport, folder = '.'): string {
  expectMembers(report, 'reportMarkdown: report', 'metrics', 'diagnostics', 'curves');
  const { title, images, captions, folds, seed, sample } = report;
  // An interval is of all images: beside a mean of folds it would be another number's.
  const intervals = folds === 1 ? report.intervals : {};
  const metrics = Object.entries(report.metrics).map(([name, value]) => {
    const interval = intervals[name];
    return [name, value.toFixed(4), interval ? `${interval.low.toFixed(4)} to ${interval.high.toFixed(4)}` : ''];
  });
  const diagnostics = Object.entries(report.diagnostics).map(([name, value]) => [name, value.toFixed(4)]);
  const over = folds > 1 ? `, mean of ${folds} folds; curves over all` : '';
  return [
    `# ${title}`,
    `${images} images, ${captions} captions${over}.`,
    '## Retrieval',
    markdownTable(['metric', 'value', `95 % interval (bootstrap over queries, seed ${seed})`], metrics),
    notes,
    '## Diagnostics',
    `Of ${sample} images and the first caption of each.`,
    markdownTable(['diagnostic', 'value'], diagnostics),
    ...Object.entries(plotsOf(report)).map(([name, { title: heading }]) => `![${heading}](${folder}/${name}.svg)`),
  ]
    .join('\n\n')
    .concat('\n');
}
