import type { EpochRecord } from '@diptych/alignment';
import type { Format } from '../output/format.ts';

const shown = ['image_retrieval_recall@1', 'text_retrieval_recall@1', 'rsum'];

/** All that is known of an epoch, flat; epochs count from 1. */
export function epochFacts({
  epoch,
  steps,
  loss,
  learningRate,
  metrics,
}: EpochRecord): Readonly<Record<string, number>> {
  return { epoch: epoch + 1, steps, loss, learningRate, ...metrics };
}

/** An epoch for people, or all that is known of it as one JSON object. */
export function epochLine(record: EpochRecord, format: Format): string {
  if (format === 'jsonl') return `${JSON.stringify(epochFacts(record))}\n`;
  const { epoch, loss, metrics } = record;
  const values = shown.flatMap((name) => (name in metrics ? [`${name} ${metrics[name]!.toFixed(4)}`] : []));
  return [`epoch ${epoch + 1}`, `loss ${loss.toPrecision(4)}`, ...values].join('  ').concat('\n');
}
