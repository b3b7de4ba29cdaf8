import { expectMembers } from '@diptych/core';
import type { Arm, ArmResult } from '../retrieval/mixed-modality.ts';
import { markdownTable } from './markdown-table.ts';

const notes = [
  '`map` is divided by min(R, k), `ndcg` by the DCG of the best list of k, `precision` by k, `recall` by R,',
  'the relevant documents of a query; `images` is the share of images among the first k.',
].join('\n');

/** Results of `mixedModality` as a Markdown table, an arm a line, with the paired test of its first metric. */
export function mixedModalityMarkdown(results: Readonly<Record<Arm, ArmResult>>): string {
  expectMembers(results, 'mixedModalityMarkdown: results', 'summary');
  const metrics = Object.keys(results.summary.mean);
  const first = metrics[0]!;
  const rows = Object.entries(results).map(([arm, { mean, imageShare, againstSummary }]) => {
    const { difference, p, exact } = againstSummary[first]!;
    const test = arm === 'summary' ? '' : `${difference.toFixed(4)}, p ${exact ? '' : '≈ '}${p.toPrecision(1)}`;
    return [arm, ...metrics.map((name) => mean[name]!.toFixed(4)), imageShare.toFixed(2), test];
  });
  return `${markdownTable(['arm', ...metrics, 'images', `${first} less summary`], rows)}\n\n${notes}\n`;
}
