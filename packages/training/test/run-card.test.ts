import type { Sample } from '@diptych/datasets';
import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { captionSplit } from '../src/caption-split.ts';
import { runCard } from '../src/run-card.ts';

const split = (images: number) =>
  captionSplit(Array.from({ length: images }, (_, i): Sample => given({ id: `${i}`, captions: ['one', 'two'] })));
const epoch = (number: number, recall: number) => ({
  epoch: number,
  steps: 10 * (number + 1),
  loss: 1,
  learningRate: 0.1,
  metrics: { 'text_retrieval_recall@1': recall, 'image_retrieval_recall@1': recall / 2, rsum: 100 * recall },
});
const run = { name: 'colours', config: { loss: { kind: 'infoNce' } }, train: split(300), validation: split(100) };

it('tells the best epoch with the intervals of its recalls, by Wilson', () => {
  const card = runCard({ ...run, history: [epoch(0, 0.1), epoch(1, 0.5), epoch(2, 0.2)] });
  expect(card).toContain('Epoch 2 of 3');
  // statsmodels' proportion_confint(50, 100, method='wilson') and (50, 200).
  expect(card).toContain('| `text_retrieval_recall@1` | 50.0 | 40.4 to 59.6 |');
  expect(card).toContain('| `image_retrieval_recall@1` | 25.0 | 19.5 to 31.4 |');
  expect(card).toContain('| learnt from | 300 | 600 |  |');
  expect(card).toContain('"kind": "infoNce"');
  expect(card).toContain('Recall is among 100 images');
});

it('says that nothing was kept to judge it on, what it was before, and what its epoch suffers from', () => {
  const warnings = [{ problem: 'collapsed-loss' as const, message: 'rows are equal' }];
  const { validation: _, ...alone } = run;
  const last = { ...epoch(0, 0), metrics: {}, warnings };
  const card = runCard({ ...alone, base: 'openai/clip', isAdapter: true, history: [epoch(0, 0), last] });
  expect(card).toContain("open('openai/clip', { adapter: './folder-of-this-file' })");
  expect(card).toContain('None: no split was kept to judge it on.');
  expect(card).toContain('openai/clip, trained further');
  expect(card).toContain('- rows are equal');
  expect(card).not.toContain('Of words');
});
