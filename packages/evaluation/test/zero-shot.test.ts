import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import {
  classPrompts,
  type Embedder,
  imagenetTemplates,
  matrixScores,
  simpleImagenetTemplates,
  classification,
  zeroShot,
} from '../src/index.ts';

type Numbers = readonly (readonly number[])[];

describeGolden('zero-shot accuracy', () => {
  it('has the templates of CLIP', async () => {
    const golden = await goldenJson<Record<'imagenet80' | 'simple7', string[]>>('oracles/zeroshot_templates.json');
    expect(imagenetTemplates.map((template) => template.replace('{}', '{c}'))).toEqual(golden.imagenet80);
    expect(simpleImagenetTemplates.map((template) => template.replace('{}', '{c}'))).toEqual(golden.simple7);
  });

  it('is that of the logits of the reference', async () => {
    const { zero_shot: golden } = await goldenJson<{
      zero_shot: Record<'image_embeds' | 'logits_scale100', Numbers> & {
        template_embeds_class_template_dim: Numbers[];
        pred: number[];
      };
    }>('oracles/optim.json');
    const texts = golden.template_embeds_class_template_dim;
    const classes = texts.map((_, i) => `class ${i}`);
    const templates = texts[0]!.map((_, i) => `${i}: {}`);
    // A prompt is looked up by the numbers in it.
    const space: Embedder<number> = {
      async embed(modality, items) {
        const rows = items.map((item) => {
          if (modality === 'image') return golden.image_embeds[Number(item)]!;
          const [template, name] = String(item).split(': class ').map(Number);
          return texts[name!]![template!]!;
        });
        return { data: rows.flat(), shape: [rows.length, rows[0]!.length] };
      },
    };
    const images = golden.image_embeds.map((_, i) => i);
    const labels = images.map((i) => (golden.pred[i]! + (i % 2)) % classes.length); // Half of them wrong.
    const logits = golden.logits_scale100;
    const scores = matrixScores({ data: logits.flat(), shape: [logits.length, logits[0]!.length] });
    const wanted = await classification(scores, labels);
    expect(wanted['acc1']).toBeCloseTo(images.filter((i) => i % 2 === 0).length / images.length, 12);
    expect(await zeroShot({ images, labels, classes }, space, { templates })).toEqual(wanted);
  });
});

describe('prompts', () => {
  it('stand by class, and take a name as it is', () => {
    expect(classPrompts(['cat', '$&'], ['a {}', '{} or {}'])).toEqual(['a cat', 'cat or cat', 'a $&', '$& or $&']);
  });

  it.each([[['a photo']], [[]]])('refuse %j as templates', (templates) => {
    expect(() => classPrompts(['cat'], templates)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
