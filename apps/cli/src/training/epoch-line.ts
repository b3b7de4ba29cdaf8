import type { EpochRecord } from '@diptych/alignment';
import { epochFacts } from '@diptych/training';
import type { Format } from '../output/format.ts';

const shown = ['image_retrieval_recall@1', 'text_retrieval_recall@1', 'rsum'];

/** An epoch for people, or all that is known of it as one JSON object. */
export function epochLine(record: EpochRecord, format: Format): string {
  if (format === 'jsonl') return `${JSON.stringify(epochFacts(record))}\n`;
  const { epoch, loss, metrics } = record;
  const values = shown.flatMap((name) => (name in metrics ? [`${name} ${metrics[name]!.toFixed(4)}`] : []));
  return [`epoch ${epoch + 1}`, `loss ${loss.toPrecision(4)}`, ...values].join('  ').concat('\n');
}
