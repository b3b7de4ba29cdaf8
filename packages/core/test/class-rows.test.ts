import { expect, it } from 'vitest';
import { classPrompts, classRows } from '../src/index.ts';

it('gives a class the mean direction of its prompts, whatever their lengths', () => {
  const { data, shape } = classRows({ data: Float32Array.of(3, 0, 0, 5, 0, 0, 0, 2), shape: [4, 2] }, 2);
  expect(shape).toEqual([2, 2]);
  expect([...data]).toEqual([Math.SQRT1_2, Math.SQRT1_2, 0, 1].map((value) => expect.closeTo(value, 15)));
});

it('refuses prompts that do not divide by the templates', () => {
  const prompts = { data: Float32Array.of(1, 2, 3), shape: [3, 1] } as const;
  expect(() => classRows(prompts, 2)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});

it('refuses no template, and one without a place for the class', () => {
  for (const templates of [[], ['a photo'], ['a {}', 'a photo']]) {
    expect(() => classPrompts(['cat'], templates)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  }
});
