import type { Embeddings } from '@diptych/core';
import { describeGolden, goldenJson } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { labelScores, ZeroShotLabels } from '../src/zero-shot.ts';

interface Golden {
  readonly zero_shot: {
    readonly template_embeds_class_template_dim: readonly (readonly (readonly number[])[])[];
    readonly image_embeds: readonly (readonly number[])[];
    readonly class_weights: readonly (readonly number[])[];
    readonly probs: readonly (readonly number[])[];
    readonly pred: readonly number[];
  };
}

const labels = ['zero', 'one', 'two'];
const unit = (row: readonly number[]) => row.map((v) => v / Math.hypot(...row));
const rows = (values: readonly (readonly number[])[]): Embeddings => ({
  precision: 'float32',
  data: Float32Array.from(values.flatMap(unit)),
  shape: [values.length, values[0]!.length],
  model: 'golden',
});

describeGolden('zero-shot classification', () => {
  it('averages the prompts of a label and scores as CLIP does', async () => {
    const { zero_shot: golden } = await goldenJson<Golden>('oracles/optim.json');
    const prompts = golden.template_embeds_class_template_dim;
    const templates = prompts[0]!.map((_, i) => `${i} {}`);
    const embed = async (texts: readonly string[]) =>
      rows(texts.map((text) => prompts[labels.indexOf(text.slice(2))]![Number(text[0])]!));
    const weights = await new ZeroShotLabels().embed(embed, labels, templates);
    expectClose(weights.data, golden.class_weights.flat(), 1e-6);
    const predictions = labelScores(rows(golden.image_embeds), weights, labels, { logitScale: 100 });
    expect(predictions.map(([best]) => labels.indexOf(best!.label))).toEqual(golden.pred);
    const inOrder = predictions.map((scores) => labels.map((label) => scores.find((s) => s.label === label)!.score));
    expectClose(inOrder.flat(), golden.probs.flat(), 1e-4);
  });

  it('gives each label a probability of its own where the model has a bias', () => {
    const weights = rows([
      [1, 0],
      [0, 1],
    ]);
    const [scores] = labelScores(rows([[1, 0]]), weights, ['yes', 'no'], { logitScale: 10, logitBias: -5 });
    expectClose(
      scores!.map(({ score }) => score),
      [1 / (1 + Math.exp(-5)), 1 / (1 + Math.exp(5))],
      1e-6,
    );
  });
});

it('has a probability for each of very many labels', () => {
  const many = Array.from({ length: 150_000 }, (_, i) => `${i}`);
  const weights = rows(many.map((_, i) => (i === 777 ? [1, 0] : [0, 1])));
  const [scores] = labelScores(rows([[1, 0]]), weights, many, { logitScale: 10 });
  expect(scores![0]!.label).toBe('777');
  expect(scores![0]!.score).toBeCloseTo(Math.exp(10) / (Math.exp(10) + 149_999), 6);
});
