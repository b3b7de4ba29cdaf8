import type { Hit } from '../image-index/best-images.ts';
import type { Format } from './format.ts';
import { oneLine } from './one-line.ts';
import { shortFloat } from './row-values.ts';

/** What was found for one query, best first. */
export function formatHits(format: Format, query: string, hits: readonly Hit[]): string {
  if (format === 'table') {
    const lines = hits.map(({ path, score }) => `${score.toFixed(3).padStart(7)}  ${oneLine(path)}\n`);
    return `${oneLine(query)}\n${lines.join('')}`;
  }
  const lines = hits.map(({ path, score }, i) =>
    JSON.stringify({ query, rank: i + 1, score: shortFloat(score), path }),
  );
  return lines.map((line) => `${line}\n`).join('');
}
